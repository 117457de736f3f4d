"""Looking for words in what was said, newest list places first.

Chinese words have two signs, and trigrams, which SQLite and PostgreSQL could index, begin at three; an index
would also have to be fed with every message. So a page of a search reads the transcripts of a bounded number
of conversations, in growing portions, and says where to go on.
"""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from chat.core.terms import EventKind
from chat.models import Conversation, Event
from chat.services import desk_lists
from helpcenter.masking import mask_text

# Conversations that one page looks through, in portions: what is common is found in the first.
PORTIONS = (100, 900, 4000)
MOST_LOOKED_AT = sum(PORTIONS)
SAID = (EventKind.MESSAGE, EventKind.NOTE)
MOST_WORDS = 100


@dataclass(frozen=True, slots=True)
class Found:
    """Keys of the conversations that hold the words, in the list's order; `more` is where to go on, if anywhere."""

    keys: list[int]
    more: str


def look(found: QuerySet[Conversation], name: str, text: str, most: int) -> Found:
    """At most `most` conversations of a sorted list in which `text` was said, or which it names."""
    # What was masked when it was said is looked for in its masked form.
    words = mask_text(unicodedata.normalize("NFC", text)).text
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


def _hits(keys: list[int], words: str, whole: str) -> set[int]:
    said = Event.objects.filter(conversation__in=keys, kind__in=SAID, text__icontains=words).order_by()
    # An address is found by who knows it: parts of it would tell what is hidden until it is asked for.
    named = (
        Q(reference__icontains=words) | Q(visitor__name__icontains=words) | Q(visitor__email__iexact=whole)
    )
    by_name = Conversation.objects.filter(named, pk__in=keys).order_by()
    return {*said.values_list("conversation", flat=True).distinct(), *by_name.values_list("pk", flat=True)}
