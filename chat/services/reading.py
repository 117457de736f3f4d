"""Reading what was said."""

from __future__ import annotations

from typing import Any

from chat.core.events import as_dict
from chat.core.terms import Audience
from chat.models import Conversation, Event
from chat.services import ledger
from chat.services.state_views import for_visitor, states_of

MOST_EVENTS = 200


def events_after(conversation: int, after: int, limit: int = MOST_EVENTS) -> dict[str, Any]:
    """A visitor's events after their number `after`, the last number there is, and the state."""
    # `pub_seq` never exceeds `seq`, which is the key.
    rows = Event.objects.filter(conversation=conversation, seq__gt=after, pub_seq__gt=after).order_by("seq")
    records = [ledger.record_of(row) for row in rows.values_list(*ledger.READ)[:limit]]
    head = Conversation.objects.values_list("pub_seq", flat=True).get(pk=conversation)
    return {
        "events": [as_dict(record, Audience.VISITOR) for record in records],
        "head": head,
        "state": for_visitor(states_of([conversation])[conversation]),
    }
