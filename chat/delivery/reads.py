"""Questions that delivery asks the database, many at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

from django.db.models import BooleanField, Case, OuterRef, Subquery, When
from django.db.models.expressions import RawSQL

from chat.core.events import Record
from chat.core.terms import Audience
from chat.models import Conversation, Cursor, Event
from chat.services import ledger

# Numbers have no holes, so a stretch of them is a limit.
STRETCH = 64
QUESTIONS_A_QUERY = 100


@dataclass(frozen=True, slots=True)
class After:
    """Events of a conversation after a number of one numbering, at most `STRETCH`."""

    conversation: int
    number: int
    audience: Audience

    @property
    def condition(self) -> tuple[str, tuple[int, ...]]:
        """The rows that answer this, as SQL with its values: built of lookups, it costs more than the rows."""
        low, high = self.number, self.number + STRETCH
        if self.audience == Audience.VISITOR:
            # Never larger than `seq`, so that what comes before the number need not be looked at.
            words = "(conversation_id = %s AND seq > %s AND pub_seq > %s AND pub_seq <= %s)"
            return words, (self.conversation, low, low, high)
        return "(conversation_id = %s AND seq > %s AND seq <= %s)", (self.conversation, low, high)

    def matches(self, record: Record) -> bool:
        """Whether the event answers this."""
        number = record.pub_seq if self.audience == Audience.VISITOR else record.seq
        return number is not None and self.number < number <= self.number + STRETCH


@dataclass(frozen=True, slots=True)
class Heads:
    """The numbers of a conversation as they are in the database."""

    seq: int
    pub_seq: int
    rev: int


@dataclass(frozen=True, slots=True)
class Places:
    """How far one side has got (delivered, read): in its own numbering and in the other side's."""

    own: tuple[int, int]
    translated: tuple[int, int]


def events(questions: Sequence[After]) -> dict[After, list[Record]]:
    """The events that each question asks for, in order."""
    found: dict[After, list[Record]] = {question: [] for question in questions}
    for some in _portions(questions):
        asked: dict[int, list[After]] = defaultdict(list)
        for question in some:
            asked[question.conversation].append(question)
        rows = Event.objects.filter(_any_of(some))
        for row in rows.order_by("conversation_id", "seq").values_list(*ledger.READ):
            record = ledger.record_of(row)
            for question in asked[record.conversation]:
                if question.matches(record):
                    found[question].append(record)
    return found


def _any_of(questions: Sequence[After]) -> RawSQL:
    words, values = zip(*(question.condition for question in questions), strict=True)
    return RawSQL(" OR ".join(words), tuple(chain(*values)), output_field=BooleanField())  # noqa: S611 - our own words


def heads(conversations: Sequence[int]) -> dict[int, Heads]:
    """The heads of these conversations; what was deleted is missing."""
    found: dict[int, Heads] = {}
    for some in _portions(conversations, 500):
        rows = Conversation.objects.filter(pk__in=some).values_list("pk", "seq", "pub_seq", "assign_rev")
        found |= {row[0]: Heads(*row[1:]) for row in rows}
    return found


def cursors(conversations: Sequence[int]) -> dict[int, dict[Audience, Places]]:
    """What each side of these conversations has got and read, in both numberings."""
    found: dict[int, dict[Audience, Places]] = {key: {} for key in conversations}
    for some in _portions(conversations, 500):
        rows = Cursor.objects.filter(conversation__in=some).annotate(
            other_delivered=_translated("delivered"), other_read=_translated("read")
        )
        for row in rows:
            theirs = (row.other_delivered or 0, row.other_read or 0)
            found[row.conversation_id][Audience(row.who)] = Places((row.delivered, row.read), theirs)
    return found


def _translated(name: str) -> Case:
    """A cursor's number in the other side's numbering."""
    events = Event.objects.filter(conversation=OuterRef("conversation"), pub_seq__isnull=False)
    public = events.filter(seq__lte=OuterRef(name)).order_by("-seq").values("pub_seq")[:1]
    full = events.filter(seq__gte=OuterRef(name), pub_seq=OuterRef(name)).order_by("seq").values("seq")[:1]
    return Case(When(who=Audience.VISITOR, then=Subquery(full)), default=Subquery(public))


def _portions(items: Sequence, size: int = QUESTIONS_A_QUERY) -> Iterator[Sequence]:
    return (items[start : start + size] for start in range(0, len(items), size))
