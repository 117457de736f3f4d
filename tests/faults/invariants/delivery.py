"""I1–I6: what was acknowledged is stored, once, in order, and everybody sees it so. Pure."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator

from tests.faults.history import Dump, History, Record, Row, Talk, digest
from tests.faults.invariants.violation import Violation

WRITTEN = ("visitor", "agent")


def acknowledged_is_stored(history: History, dump: Dump) -> Iterator[Violation]:
    """I1: each acknowledged mid is in the database, with its text, under its number."""
    invoked = {one["mid"]: one for one in history.only("invoke")}
    for ok in history.only("ok"):
        conversation, mid = ok["conversation"], ok["mid"]
        rows = [row for row in _rows(dump, conversation) if row.mid == mid]
        if not rows:
            yield Violation("I1", conversation, f"{mid} was acknowledged and is not stored")
            continue
        if all(row.number(_role(ok)) != ok["n"] for row in rows):
            found = [row.number(_role(ok)) for row in rows]
            yield Violation("I1", conversation, f"{mid} was acknowledged as {ok['n']} and is {found}")
        sent = invoked.get(mid)
        if sent and not sent.get("masked") and all(digest(row.text) != sent["hash"] for row in rows):
            yield Violation("I1", conversation, f"{mid} is stored with another text")


def stored_was_sent_once(history: History, dump: Dump) -> Iterator[Violation]:
    """I2: nothing is stored that nobody sent, nothing twice; what had an unknown outcome is there in the end."""
    invoked = {one["mid"]: one for one in history.only("invoke")}
    counts: Counter[str] = Counter()
    for talk in dump.talks.values():
        for row in talk.rows:
            if row.mid is not None and row.author_kind in WRITTEN:
                counts[row.mid] += 1
                if row.mid not in invoked:
                    yield Violation("I2", talk.id, f"{row.mid} is stored and nobody sent it")
    for mid, count in counts.items():
        if count > 1 and mid in invoked:
            yield Violation("I2", invoked[mid]["conversation"], f"{mid} is stored {count} times")
    answered = {one["mid"] for one in history.only("ok", "nack")}
    settled = {one["client"] for one in history.only("settled")}
    for mid, sent in invoked.items():
        if mid not in answered and not counts[mid] and sent["client"] in settled:
            yield Violation("I2", sent["conversation"], f"{mid} was sent to the end and is not stored")


def numbers_have_no_holes(_history: History, dump: Dump) -> Iterator[Violation]:
    """I3: events are 1 … seq, public ones 1 … pub_seq."""
    for talk in dump.talks.values():
        yield from _numbering(talk)


def everybody_agrees(history: History, dump: Dump) -> Iterator[Violation]:
    """I4: in the end each side shows what the database holds for it; where numbers are broken I3 says so."""
    for final in history.only("final"):
        talk = dump.talks.get(final["conversation"])
        if talk is None or any(_numbering(talk)):
            continue
        stored = [
            [row.number(final["role"]), row.mid, row.kind, digest(row.text)]
            for row in talk.rows
            if row.number(final["role"]) is not None
        ]
        shown = final["list"]
        if [_without_text(one) for one in shown] != [_without_text(one) for one in stored]:
            what = f"{final['client']} shows {_ends(shown)}, stored are {_ends(stored)}"
            yield Violation("I4", talk.id, what)
        elif any(one != other for one, other in zip(shown, stored, strict=True) if other[3] != digest("")):
            yield Violation("I4", talk.id, f"{final['client']} shows another text")


def never_a_hole_in_a_list(history: History, _dump: Dump) -> Iterator[Violation]:
    """I5: whoever sees event k+1 sees event k."""
    for shown in history.only("shown", "final"):
        numbers = [item[0] for item in shown["list"]]
        if numbers != list(range(1, len(numbers) + 1)):
            what = f"{shown['client']} saw {numbers[:3]} … {numbers[-3:]}"
            yield Violation("I5", shown["conversation"], what)


def order_is_kept(history: History, dump: Dump) -> Iterator[Violation]:
    """I6: one sender's texts keep their order, and what was sent after an acknowledgement comes after it."""
    numbers: dict[str | None, int] = {}
    for talk in dump.talks.values():
        for row in () if any(_numbering(talk)) else talk.rows:
            # What is stored twice is another promise's matter.
            numbers.setdefault(row.mid, row.seq)
    last_of: dict[tuple[str, str], int] = defaultdict(int)
    acknowledged: dict[str, int] = defaultdict(int)
    for one in history.only("invoke", "ok"):
        conversation, number = one["conversation"], numbers.get(one["mid"])
        if number is None:
            continue
        if one["op"] == "ok":
            acknowledged[conversation] = max(acknowledged[conversation], number)
            continue
        sender = (conversation, one["client"])
        if number < last_of[sender]:
            yield Violation("I6", conversation, f"{one['client']}: {number} was sent after {last_of[sender]}")
        elif number < acknowledged[conversation]:
            what = f"{number} was sent after {acknowledged[conversation]} had been acknowledged"
            yield Violation("I6", conversation, what)
        last_of[sender] = max(last_of[sender], number)


def _numbering(talk: Talk) -> Iterator[Violation]:
    for name, numbers, last in (
        ("seq", [row.seq for row in talk.rows], talk.seq),
        ("pub_seq", [row.pub_seq for row in talk.rows if row.pub_seq is not None], talk.pub_seq),
    ):
        if sorted(numbers) != list(range(1, last + 1)):
            yield Violation("I3", talk.id, f"{name} is {last}, the numbers are {sorted(numbers)}"[:200])


def _rows(dump: Dump, conversation: str) -> tuple[Row, ...]:
    talk = dump.talks.get(conversation)
    return talk.rows if talk else ()


def _role(record: Record) -> str:
    return str(record.get("role", "visitor"))


def _without_text(item: list[object]) -> list[object]:
    return item[:3]


def _ends(items: list[list[object]]) -> str:
    last = items[-1][:3] if items else None
    return f"{len(items)} events to {last}"
