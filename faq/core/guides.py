"""Guided fixes as plain data: their canonical form, what is wrong with one, and a walk through it.

A document is what `fixtures/guides/*.toml` holds and what an editor changes: steps, answers and fields with
their texts in every language. The first step is the start. Pure: no Django, no database.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

LANGUAGES = ("zh-hans", "en")
STEP_KINDS = ("question", "contact", "solved")
FIELD_KINDS = ("datetime", "text", "amount", "choice")
NOT_SURE = "not-sure"
# Names that the contact step's form uses itself.
RESERVED_FIELDS = frozenset({"path", "edit", "utc_offset"})
KEY = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)*$")
# Separators of a path; neither is escaped in an address, and no key can hold one.
ANSWER_SEPARATOR, KEY_SEPARATOR = "~", "."
MAX_PATH = 2000

Document = dict[str, Any]


@dataclass(frozen=True)
class Problem:
    """One thing that an editor must mend; `code` says what, the rest says where."""

    code: str
    step: str = ""
    item: str = ""
    language: str = ""


@dataclass(frozen=True)
class Answer:
    """A question with the answer that was given, and the path that leads to the question."""

    step: dict[str, Any]
    choice: dict[str, Any]
    path_before: str


@dataclass(frozen=True)
class Walk:
    """Where a path leads: the answers on the way and the step that comes next."""

    step: dict[str, Any]
    answers: tuple[Answer, ...] = ()
    path: str = ""
    # The most questions that may still come, this step included.
    questions_left: int = field(default=0)

    def path_with(self, choice_key: str) -> str:
        """The path after answering the current step with a choice."""
        return _joined(self.path, self.step["key"], choice_key)


def normalised(document: Document) -> Document:
    """The canonical form of a fixture's document: every key present, texts stripped, plain data only.

    Raises `ValueError` naming every problem of the flow, or the key that is missing.
    """
    try:
        canonical = {
            "slug": str(document["slug"]),
            "article": str(document.get("article") or ""),
            "position": int(document.get("position", 0)),
            "is_published": bool(document.get("is_published", True)),
            "title": texts(document["title"]),
            "intro": texts(document.get("intro")),
            "steps": [_step(step) for step in document["step"]],
        }
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"guide {document.get('slug', '?')}: {error!r}") from error
    found = problems(canonical)
    if found:
        raise ValueError(f"guide {canonical['slug']}: {found}")
    return canonical


def texts(value: object) -> dict[str, str]:
    """A text in every language, empty where there is none; a plain string counts for all of them."""
    if isinstance(value, dict):
        return {code: str(value.get(code) or "").strip() for code in LANGUAGES}
    return dict.fromkeys(LANGUAGES, str(value or "").strip())


def _step(raw: Document) -> Document:
    return {
        "key": str(raw["key"]),
        "kind": str(raw["kind"]),
        "title": texts(raw["title"]),
        "why": texts(raw["why"]),
        "body": texts(raw.get("body")),
        "choices": [_choice(choice) for choice in raw.get("choice", [])],
        "fields": [_field(field) for field in raw.get("field", [])],
    }


def _choice(raw: Document) -> Document:
    return {"key": str(raw["key"]), "label": texts(raw["label"]), "next": str(raw["next"])}


def _field(raw: Document) -> Document:
    return {
        "key": str(raw["key"]),
        "kind": str(raw["kind"]),
        "label": texts(raw["label"]),
        "help": texts(raw.get("help")),
        "required": bool(raw.get("required", False)),
        "options": options(raw.get("options")),
    }


def options(value: object) -> dict[str, list[str]]:
    """A choice field's options in every language, from lists or from texts with one option a line."""
    by_language = value if isinstance(value, dict) else dict.fromkeys(LANGUAGES, value)
    return {code: _lines(by_language.get(code)) for code in LANGUAGES}


def _lines(value: object) -> list[str]:
    lines = value if isinstance(value, list) else str(value or "").splitlines()
    return [stripped for line in lines if (stripped := str(line).strip())]


# --- What is wrong with a document ----------------------------------------------------------------------


def problems(document: Document) -> list[Problem]:
    """Everything that keeps customers from reaching a good end; empty when the guide may be published.

    Codes: `no_steps`, `bad_key`, `bad_kind`, `duplicate`, `dead_end`, `unknown_next`, `choices_at_end`,
    `fields_elsewhere`, `reserved_field`, `no_options`, `no_not_sure`, `cycle`, `unreachable`, `no_contact`,
    `missing_text` (with the language).
    """
    steps = document["steps"]
    if not steps:
        return [Problem("no_steps")]
    found = [
        Problem("missing_text", item="title", language=code) for code in _untranslated(document["title"])
    ]
    found += [Problem("duplicate", key) for key in _repeated(steps)]
    for step in steps:
        found += _step_problems(step, {other["key"] for other in steps})
    return found + _flow_problems(steps)


def _repeated(items: list[Document]) -> list[str]:
    return [key for key, times in Counter(item["key"] for item in items).items() if times > 1]


def _untranslated(text: dict[str, str]) -> list[str]:
    return [code for code in LANGUAGES if not text.get(code)]


def _step_problems(step: Document, keys: set[str]) -> Iterator[Problem]:
    key, kind = step["key"], step["kind"]
    if not KEY.match(key):
        yield Problem("bad_key", key)
    if kind not in STEP_KINDS:
        yield Problem("bad_kind", key, kind)
    for name in ("title", "why"):
        yield from (Problem("missing_text", key, name, code) for code in _untranslated(step[name]))
    if any(step["body"].values()):
        yield from (Problem("missing_text", key, "body", code) for code in _untranslated(step["body"]))
    yield from _choice_problems(step, keys)
    yield from _field_problems(step)


def _choice_problems(step: Document, keys: set[str]) -> Iterator[Problem]:
    key, choices = step["key"], step["choices"]
    if step["kind"] == "question":
        if not choices:
            yield Problem("dead_end", key)
        elif NOT_SURE not in (choice["key"] for choice in choices):
            yield Problem("no_not_sure", key)
    elif choices:
        yield Problem("choices_at_end", key)
    yield from (Problem("duplicate", key, repeated) for repeated in _repeated(choices))
    for choice in choices:
        if not KEY.match(choice["key"]):
            yield Problem("bad_key", key, choice["key"])
        if choice["next"] not in keys:
            yield Problem("unknown_next", key, choice["key"])
        yield from (
            Problem("missing_text", key, choice["key"], code) for code in _untranslated(choice["label"])
        )


def _field_problems(step: Document) -> Iterator[Problem]:
    key, fields = step["key"], step["fields"]
    if fields and step["kind"] != "contact":
        yield Problem("fields_elsewhere", key)
    yield from (Problem("duplicate", key, repeated) for repeated in _repeated(fields))
    for item in fields:
        if not KEY.match(item["key"]):
            yield Problem("bad_key", key, item["key"])
        if item["key"] in RESERVED_FIELDS:
            yield Problem("reserved_field", key, item["key"])
        if item["kind"] not in FIELD_KINDS:
            yield Problem("bad_kind", key, item["key"])
        yield from (Problem("missing_text", key, item["key"], code) for code in _untranslated(item["label"]))
        if item["kind"] == "choice" and not _has_options(item["options"]):
            yield Problem("no_options", key, item["key"])


def _has_options(by_language: dict[str, list[str]]) -> bool:
    """Whether there are options, as many in each language: the same line means the same thing."""
    counts = {len(lines) for lines in by_language.values()}
    return len(counts) == 1 and 0 not in counts


def _flow_problems(steps: list[Document]) -> list[Problem]:
    by_key = {step["key"]: step for step in steps}
    seen: set[str] = set()
    cycles: list[str] = []
    _visit(by_key, steps[0]["key"], (), seen, cycles)
    found = [Problem("cycle", key) for key in dict.fromkeys(cycles)]
    found += [Problem("unreachable", step["key"]) for step in steps if step["key"] not in seen]
    if not any(by_key[key]["kind"] == "contact" for key in seen):
        found.append(Problem("no_contact"))
    return found


def _visit(
    by_key: dict[str, Document], key: str, trail: tuple[str, ...], seen: set[str], cycles: list[str]
) -> None:
    """Follow every answer once, noting the steps reached and those that an answer leads back to."""
    if key in trail:
        cycles.append(key)
    if key in seen:
        return
    seen.add(key)
    for choice in by_key[key]["choices"]:
        if choice["next"] in by_key:
            _visit(by_key, choice["next"], (*trail, key), seen, cycles)


# --- Walking ----------------------------------------------------------------------------------------------


def in_language(value: Any, language: str) -> Any:
    """A document with each text in `language` alone; one that is missing comes in another language."""
    if isinstance(value, list):
        return [in_language(item, language) for item in value]
    if not isinstance(value, dict):
        return value
    if value.keys() == set(LANGUAGES):
        return value[language] or next((text for text in value.values() if text), value[language])
    return {name: in_language(item, language) for name, item in value.items()}


def walk(document: Document, path: str) -> Walk | None:
    """Follow `path` (`network.ok~balance.enough`) from the start, as far as it makes sense.

    What an editor has removed or somebody made up ends the walk early at the last step that exists. None
    when the guide has no steps at all.
    """
    by_key = {step["key"]: step for step in document["steps"]}
    if not by_key:
        return None
    step, answers, walked = document["steps"][0], [], ""
    for pair in path[:MAX_PATH].split(ANSWER_SEPARATOR):
        key, _dot, choice_key = pair.partition(KEY_SEPARATOR)
        choice = next((c for c in step["choices"] if c["key"] == choice_key), None)
        if key != step["key"] or choice is None or choice["next"] not in by_key:
            break
        answers.append(Answer(step, choice, walked))
        walked = _joined(walked, key, choice_key)
        step = by_key[choice["next"]]
    return Walk(step, tuple(answers), walked, _questions_left(by_key, step["key"], {}))


def _joined(path: str, step_key: str, choice_key: str) -> str:
    answer = f"{step_key}{KEY_SEPARATOR}{choice_key}"
    return f"{path}{ANSWER_SEPARATOR}{answer}" if path else answer


def _questions_left(by_key: dict[str, Document], key: str, known: dict[str, int]) -> int:
    """How many questions at most are left from a step on; `known` holds the steps counted already."""
    if key not in known:
        known[key] = 0  # so that a cycle is counted once
        step = by_key.get(key)
        if step is not None and step["kind"] == "question":
            nexts = {choice["next"] for choice in step["choices"]}
            known[key] = 1 + max((_questions_left(by_key, after, known) for after in nexts), default=0)
    return known[key]
