"""A conversation as plain text, in the visitor's language."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet
from django.utils import formats, timezone, translation
from django.utils.translation import gettext

from chat.core.terms import AuthorKind, EventKind
from chat.models import Conversation, Event, hidden_labels

LINE, INDENT = "\n", "    "
INDENTED = LINE + INDENT
SHOWN = (EventKind.MESSAGE, EventKind.ARTICLE, EventKind.ASSIGNED, EventKind.STATE)


def transcript(conversation: Conversation) -> str:
    """Everything that the visitor could see, with times in the operator's zone."""
    with translation.override(conversation.language):
        title = gettext("Conversation %(reference)s with Topay support") % {
            "reference": conversation.reference
        }
        lines = [line for event in _events(conversation) for line in _lines(event)]
        zone = gettext("Times: %(zone)s") % {"zone": timezone.get_current_timezone_name()}
        return "\n".join((title, zone, "", *lines, ""))


def _events(conversation: Conversation) -> QuerySet[Event]:
    shown = Event.objects.filter(conversation=conversation, pub_seq__isnull=False, kind__in=SHOWN)
    return shown.order_by("pub_seq")


def _lines(event: Event) -> Iterable[str]:
    at = formats.date_format(timezone.localtime(event.at), "Y-m-d H:i")
    if event.kind == EventKind.MESSAGE:
        text = gettext("(taken back)") if event.data.get("redacted") else event.text
        # Only we begin a line: what somebody writes can't look like somebody else's.
        yield f"[{at}] {_author(event)}: {text.replace(LINE, INDENTED)}"
        if hidden := hidden_labels(event.data.get("hidden", ())):
            yield INDENT + gettext("Hidden for your safety: %(kinds)s") % {"kinds": ", ".join(hidden)}
        label = gettext("File")
        for file in event.attachments:
            yield f"{INDENT}{label}: {file['name']}"
    elif event.kind == EventKind.ARTICLE:
        yield f"[{at}] {_author(event)}: {event.data.get('title', '')} {event.data.get('url', '')}"
    elif event.kind == EventKind.ASSIGNED:
        name = event.data.get("agent", {}).get("name", "")
        text = gettext("%(name)s answers this conversation.") % {"name": name}
        yield f"[{at}] {text}"
    elif event.data.get("state") == "closed":
        text = gettext("The conversation has ended.")
        yield f"[{at}] {text}"


def _author(event: Event) -> str:
    names = {
        AuthorKind.VISITOR: gettext("You"),
        AuthorKind.ASSISTANT: gettext("Assistant"),
        AuthorKind.SYSTEM: gettext("Topay"),
    }
    return names.get(AuthorKind(event.author_kind)) or event.author_name or gettext("Topay support")
