"""Why something was not done, in the words of whoever tried."""

from __future__ import annotations

from functools import cache

from django.utils import translation
from django.utils.translation import gettext_noop

from chat.core.terms import Nack

TEXTS = {
    Nack.RATE_LIMITED: gettext_noop("That was too fast. It will be sent in a moment."),
    Nack.TOO_LONG: gettext_noop("The message is too long: 2,000 characters at most."),
    Nack.EMPTY: gettext_noop("The message is empty."),
    Nack.CLOSED: gettext_noop("This conversation has ended. Please start a new one."),
    Nack.NOT_ASSIGNEE: gettext_noop("Somebody else answers this conversation."),
    Nack.STALE_REV: gettext_noop("This conversation was given to somebody else meanwhile."),
    Nack.MID_CONFLICT: gettext_noop("Another message was sent under the same number."),
    Nack.TAKEN: gettext_noop("Somebody else has taken this conversation."),
    Nack.BAD_FRAME: gettext_noop("This can't be read. Please reload the page."),
    Nack.UNAVAILABLE: gettext_noop("This can't be done right now. It will be tried again."),
    Nack.BLOCKED: gettext_noop(
        "The chat is closed to you for now. You can still call us or leave a message; both are on the contact page."
    ),
    Nack.SECRET_REQUEST: gettext_noop("We never ask customers for a password or a code. Say it differently."),
}


@cache
def text_of(code: Nack, language: str) -> str:
    """The sentence for a code in a language."""
    with translation.override(language):
        return translation.gettext(TEXTS[code])
