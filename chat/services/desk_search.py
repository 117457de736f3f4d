"""Looking for words in what was said, newest list places first.

Chinese words have two signs, and trigrams, which SQLite and PostgreSQL could index, begin at three; an index
would also have to be fed with every message. So a page of a search reads the transcripts of a bounded number
of conversations, in growing portions, and says where to go on.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q, QuerySet

from chat.core.terms import EventKind
from chat.models import Conversation, Event
from helpcenter.masking import mask_text

# Conversations that one page looks through, in portions: what is common is found in the first.
PORTIONS = (100, 900, 4000)
SAID = (EventKind.MESSAGE, EventKind.NOTE)
MOST_WORDS = 100


@dataclass(frozen=True, slots=True)
class Found:
    """Rows of a list that hold the words; `last` is how far was looked, None when nothing is left to look at."""

    rows: list[Conversation]
    last: Conversation | None


def look(found: QuerySet[Conversation], text: str, most: int) -> Found:
    """At most `most` conversations of a sorted list in which `text` was said, or which it names."""
    # What was masked when it was said is looked for in its masked form.
    words, whole = mask_text(unicodedata.normalize("NFC", text)).text, text
    candidates = list(found[: sum(PORTIONS)])
    rows: list[Conversation] = []
    start = 0
    for portion in PORTIONS:
        part = candidates[start : start + portion]
        if not part:
            break
        start += portion
        hits = _hits([row.pk for row in part], words, whole)
        for row in part:
            if row.pk in hits:
                rows.append(row)
                if len(rows) == most:
                    return Found(rows, row)
    return Found(rows, candidates[-1] if len(candidates) == sum(PORTIONS) else None)


def _hits(keys: Iterable[int], words: str, whole: str) -> set[int]:
    keys = list(keys)
    said = Event.objects.filter(conversation__in=keys, kind__in=SAID, text__icontains=words).order_by()
    # An address is found by who knows it: parts of it would tell what is hidden until it is asked for.
    named = (
        Q(reference__icontains=words) | Q(visitor__name__icontains=words) | Q(visitor__email__iexact=whole)
    )
    by_name = Conversation.objects.filter(named, pk__in=keys).order_by()
    return {*said.values_list("conversation", flat=True).distinct(), *by_name.values_list("pk", flat=True)}
