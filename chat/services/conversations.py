"""What visitors and agents do with a whole conversation: end it, hand it on, leave it as a message."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction

from chat.core.terms import AuthorKind, EventKind, Nack, State
from chat.core.text import TextRefused, clean_text
from chat.models import Agent, Event
from chat.services import ledger, routing, states
from chat.services.announcements import Notice, announce
from chat.services.append import VISITOR
from chat.services.clock import database_now
from chat.services.ledger import Author, Head
from chat.services.redaction import redact as redact_event
from chat.services.refusal import Refused
from faq.models import Category
from helpcenter.masking import mask_text


def close(agent: int, conversation: int, reason: str, *, supervisor: bool = False) -> None:
    """End a conversation; raises `Refused` when it isn't this agent's to end."""
    with _locked(conversation) as head:
        if head.state == State.CLOSED:
            raise Refused(Nack.CLOSED)
        _check_assignee(head, agent, supervisor)
        freed = states.holder(head)
        states.close(head, database_now(), reason=reason[:40] or "solved", author=_author(agent))
        _announce(head, freed)
    routing.run()


def end(conversation: int) -> None:
    """The visitor is done; ending twice is ending once."""
    with _locked(conversation) as head:
        if head.state == State.CLOSED:
            return
        freed = states.holder(head)
        states.close(head, database_now(), reason="visitor", author=VISITOR)
        _announce(head, freed)
    routing.run()


def leave_message(conversation: int) -> None:
    """The visitor would rather not wait; raises `Refused` when somebody answers already or it is over."""
    with _locked(conversation) as head:
        if head.state == State.MESSAGE:
            return
        if head.state not in (State.WAITING, State.OFFERED):
            raise Refused(Nack.CLOSED if head.state == State.CLOSED else Nack.TAKEN)
        freed = states.holder(head)
        states.leave_as_message(head, database_now(), reason="visitor")
        _announce(head, freed)


def transfer(
    agent: int,
    conversation: int,
    *,
    to_agent: int | None = None,
    to_topic: str | None = None,
    note: str = "",
    supervisor: bool = False,
) -> None:
    """Hand a conversation to an agent or a topic; it waits at its old place. Raises `Refused`."""
    if (to_agent is None) == (to_topic is None):
        raise Refused(Nack.BAD_FRAME)
    if to_agent is not None and not Agent.objects.filter(pk=to_agent, user__is_active=True).exists():
        raise Refused(Nack.BAD_FRAME)
    if to_topic is not None and not Category.objects.filter(slug=to_topic).exists():
        raise Refused(Nack.BAD_FRAME)
    with _locked(conversation) as head:
        if head.state == State.CLOSED:
            raise Refused(Nack.CLOSED)
        _check_assignee(head, agent, supervisor)
        now, freed = database_now(), states.holder(head)
        if note.strip():
            _add_note(head, agent, note)
        values = (
            {"wanted_agent_id": to_agent}
            if to_agent is not None
            else {"topic": to_topic, "wanted_agent": None}
        )
        states.requeue(head, now, reason="transferred", hops=0, **values)
        _announce(head, freed)
    routing.run()


def redact(agent: int, conversation: int, seq: int, *, supervisor: bool = False) -> None:
    """Take back a text; raises `Refused` when it isn't this agent's to take back, or isn't there."""
    with _locked(conversation) as head:
        _check_assignee(head, agent, supervisor)
        found = Event.objects.filter(
            conversation=conversation, seq=seq, kind__in=(EventKind.MESSAGE, EventKind.NOTE)
        )
        row = found.values_list(*ledger.READ).first()
        if row is None:
            raise Refused(Nack.BAD_FRAME)
        redact_event(head, ledger.record_of(row), database_now(), reason="agent", author=_author(agent))
        _announce(head)


@contextmanager
def _locked(conversation: int) -> Iterator[Head]:
    """A conversation under its lock; what was added to it is written at the end."""
    with transaction.atomic():
        head = ledger.lock([conversation]).get(conversation)
        if head is None:
            raise Refused(Nack.CLOSED)
        yield head
        ledger.write([head])


def _check_assignee(head: Head, agent: int, supervisor: bool) -> None:
    if head.agent_id == agent or supervisor:
        return
    # A left message is nobody's: whoever may read it may deal with it.
    if head.state != State.MESSAGE:
        raise Refused(Nack.NOT_ASSIGNEE)


def _announce(head: Head, freed: int | None = None) -> None:
    agents = (freed,) if freed else ()
    announce(Notice(head.pk, tuple(head.records), state=True, agents=agents, queue=True))


def _author(agent: int) -> Author:
    return Author(AuthorKind.AGENT, agent, Agent.objects.values_list("name", flat=True).get(pk=agent))


def _add_note(head: Head, agent: int, note: str) -> None:
    try:
        text = mask_text(clean_text(note)).text
    except TextRefused as refused:
        raise Refused(refused.code) from None
    head.add(EventKind.NOTE, _author(agent), database_now(), text=text, public=False)
