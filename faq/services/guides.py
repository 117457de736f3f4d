"""Guided fixes between the database and plain documents, and the count of how they end."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from i18nfield.strings import LazyI18nString

from faq.core.guides import Document, normalised, options, texts
from faq.models import Article, Choice, Field, Guide, GuideOutcome, Step
from faq.services import content_version, publishing

__all__ = ["body_html", "count_outcome", "guide_document", "normalised", "write_guide"]


def write_guide(document: Document) -> Guide:
    """Create the guide of a canonical document, or replace its steps, answers and fields by the document's.

    The counts of its outcomes stay. Raises `ValueError` when the document names an article that isn't there.
    """
    with transaction.atomic():
        guide, _created = Guide.objects.update_or_create(
            slug=document["slug"],
            defaults={
                "article": _article(document["article"]),
                "position": document["position"],
                "is_published": document["is_published"],
                "title": LazyI18nString(document["title"]),
                "intro": LazyI18nString(document["intro"]),
            },
        )
        _replace_steps(guide, document["steps"])
        content_version.bump()
    return guide


def _article(slug: str) -> Article | None:
    if not slug:
        return None
    article = Article.objects.filter(slug=slug).first()
    if article is None:
        raise ValueError(f"There is no article {slug!r}.")
    return article


def _replace_steps(guide: Guide, steps: list[Document]) -> None:
    # Answers first: a step can't go while an answer leads to it.
    Choice.objects.filter(step__guide=guide).delete()
    guide.steps.all().delete()
    made = {step["key"]: _create_step(guide, position, step) for position, step in enumerate(steps, 1)}
    for step in steps:
        for position, choice in enumerate(step["choices"], 1):
            Choice.objects.create(
                step=made[step["key"]],
                key=choice["key"],
                position=position,
                label=LazyI18nString(choice["label"]),
                next=made[choice["next"]],
            )


def _create_step(guide: Guide, position: int, document: Document) -> Step:
    step = Step.objects.create(
        guide=guide,
        key=document["key"],
        position=position,
        kind=document["kind"],
        **{name: LazyI18nString(document[name]) for name in ("title", "why", "body")},
    )
    for number, field in enumerate(document["fields"], 1):
        Field.objects.create(
            step=step,
            key=field["key"],
            position=number,
            kind=field["kind"],
            label=LazyI18nString(field["label"]),
            help=LazyI18nString(field["help"]),
            required=field["required"],
            options=LazyI18nString({code: "\n".join(lines) for code, lines in field["options"].items()}),
        )
    return step


def guide_document(guide: Guide) -> Document:
    """The canonical document of a stored guide, whatever shape it is in; never raises.

    Cheapest with `Guide.objects.with_flow()`.
    """
    return {
        "slug": guide.slug,
        "article": guide.article.slug if guide.article else "",
        "position": guide.position,
        "is_published": guide.is_published,
        "title": _texts(guide.title),
        "intro": _texts(guide.intro),
        "steps": [_step_document(step) for step in _in_order(guide.steps.all())],
    }


def _step_document(step: Step) -> Document:
    return {
        "key": step.key,
        "kind": step.kind,
        "title": _texts(step.title),
        "why": _texts(step.why),
        "body": _texts(step.body),
        "choices": [
            {"key": choice.key, "label": _texts(choice.label), "next": choice.next.key}
            for choice in _in_order(step.choices.all())
        ],
        "fields": [_field_document(field) for field in _in_order(step.fields.all())],
    }


def _field_document(field: Field) -> Document:
    return {
        "key": field.key,
        "kind": field.kind,
        "label": _texts(field.label),
        "help": _texts(field.help),
        "required": field.required,
        "options": options(_data(field.options)),
    }


def _in_order(rows: Any) -> list[Any]:
    return sorted(rows, key=lambda row: (row.position, row.pk))


def _data(value: object) -> object:
    return value.data if isinstance(value, LazyI18nString) else value


def _texts(value: object) -> dict[str, str]:
    return texts(_data(value))


@lru_cache(maxsize=1000)
def body_html(markdown: str, language: str) -> SafeString:
    """A step's Markdown as clean HTML; the same text is rendered once in each process."""
    return mark_safe(publishing.render_body(markdown, language).html)  # noqa: S308 - cleaned by nh3


def count_outcome(guide: Guide, outcome: str, step_key: str) -> None:
    """Count one end of a guide for today; `step_key` is the question that was answered last."""
    with transaction.atomic():
        row, _created = GuideOutcome.objects.get_or_create(
            guide=guide, outcome=outcome, step_key=step_key, day=timezone.localdate()
        )
        GuideOutcome.objects.filter(pk=row.pk).update(count=F("count") + 1)
