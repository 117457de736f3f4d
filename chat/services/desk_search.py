"""Looking for words in what was said, newest list places first.

Chinese words have two signs, and trigrams, which SQLite and PostgreSQL could index, begin at three; an index
would also have to be fed with every message. So a page of a search reads the transcripts of a bounded number
of conversations, in growing portions, and says where to go on.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Max, Q, QuerySet

from chat.core.terms import EventKind
from chat.models import Conversation, Event
from chat.services import desk_lists
from helpcenter.masking import mask_text

# Conversations that one page looks through, in portions: what is common is found in the first.
PORTIONS = (100, 900, 4000)
MOST_LOOKED_AT = sum(PORTIONS)
SAID = (EventKind.MESSAGE, EventKind.NOTE)
MOST_WORDS = 100
# How much of a line is shown before the words, so that one sees them.
BEFORE = 20


@dataclass(frozen=True, slots=True)
class Found:
    """Keys of the conversations that hold the words, in the list's order; `more` is where to go on, if anywhere."""

    keys: list[int]
    more: str


def look(found: QuerySet[Conversation], name: str, text: str, most: int) -> Found:
    """At most `most` conversations of a sorted list in which `text` was said, or which it names."""
    words = _words(text)
    candidates = list(found.values_list(*desk_lists.columns(name))[:MOST_LOOKED_AT])
    keys: list[int] = []
    start = 0
    for portion in PORTIONS:
        part = candidates[start : start + portion]
        if not part:
            break
        start += portion
        hits = _hits([row[-1] for row in part], words, text)
        for row in part:
            if row[-1] not in hits:
                continue
            keys.append(row[-1])
            if len(keys) == most:
                return Found(keys, desk_lists.place(row))
    more = desk_lists.place(candidates[-1]) if len(candidates) == MOST_LOOKED_AT else ""
    return Found(keys, more)


def places(keys: Sequence[int], text: str) -> dict[int, int]:
    """The numbers of the newest texts that hold the words, by conversation."""
    rows = _said(keys, _words(text)).values("conversation").annotate(last=Max("seq"))
    return {row["conversation"]: row["last"] for row in rows}


def excerpt(said: str, text: str, most: int) -> str:
    """One line of at most `most` characters of what was said, with the words in it."""
    line = " ".join(said.split())
    at = line.casefold().find(_words(text).casefold())
    start = max(0, at - BEFORE) if at + len(text) > most else 0
    return f"…{line[start : start + most - 1]}" if start else line[:most]


def _words(text: str) -> str:
    """What was masked when it was said is looked for in its masked form."""
    return mask_text(unicodedata.normalize("NFC", text)).text


def _said(keys: Sequence[int], words: str) -> QuerySet[Event]:
    return Event.objects.filter(conversation__in=keys, kind__in=SAID, text__icontains=words).order_by()


def _hits(keys: Sequence[int], words: str, whole: str) -> set[int]:
    # An address is found by who knows it: parts of it would tell what is hidden until it is asked for.
    named = (
        Q(reference__icontains=words) | Q(visitor__name__icontains=words) | Q(visitor__email__iexact=whole)
    )
    by_name = Conversation.objects.filter(named, pk__in=keys).order_by()
    said = _said(keys, words).values_list("conversation", flat=True)
    return {*said.distinct(), *by_name.values_list("pk", flat=True)}
