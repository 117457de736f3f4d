"""What agents do with conversations beyond the socket's verbs: take over, reopen, tag, show something to read."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction
from django.db.models import Count

from chat.core.lifecycle import can_write
from chat.core.terms import AuthorKind, EventKind, Nack, State
from chat.models import Agent, Conversation, Offer, Suggestion, Tag
from chat.models.tag import MAX_TAG
from chat.querysets import loads
from chat.services import ledger, routing, states
from chat.services.announcements import Notice, announce
from chat.services.assistant import Card
from chat.services.blocking import is_closed_to
from chat.services.clock import database_now
from chat.services.ledger import Author, Head
from chat.services.refusal import Refused
from helpcenter.masking import mask_text

MOST_TAGS = 10
MOST_SUGGESTED = 20


def take(agent: int, conversation: int, *, supervisor: bool = False) -> int:
    """Take what waits or was left; a supervisor also takes over from whoever answers. The assignment's number.

    Raises `Refused` as `routing.accept` does. A supervisor who takes over may have more than fits.
    """
    return _take_over(agent, conversation) if supervisor else routing.accept(agent, conversation)


def reopen(agent: int, conversation: int, *, supervisor: bool = False) -> int:
    """Take up again what is closed; the assignment's number. Raises `Refused`: `TAKEN` when it isn't closed,
    `BLOCKED` while its visitor is, `UNAVAILABLE` when there is no room left.
    """
    with transaction.atomic():
        taker, head = routing.locked(agent), _locked(conversation)
        if head.state == State.ACTIVE and head.agent_id == agent:
            return head.assign_rev
        if head.state != State.CLOSED:
            raise Refused(Nack.TAKEN)
        if is_closed_to(conversation):
            raise Refused(Nack.BLOCKED)
        if not supervisor and loads([agent]).get(agent, 0) >= taker.capacity:
            raise Refused(Nack.UNAVAILABLE)
        now = database_now()
        states.assign(head, taker, now, reopens=True)
        Agent.objects.filter(pk=agent).update(idle_since=now)
        _done(head, agent)
    return head.assign_rev


def set_tags(conversation: int, names: Sequence[str]) -> list[str]:
    """Give a conversation these tags instead of those it has; what is kept of them, in their order.

    Blank ones and repetitions are left out, secrets are masked. Raises `ValueError` for too many or too long.
    """
    clean = [mask_text(" ".join(name.split())).text for name in names]
    wanted = list({name.casefold(): name for name in reversed(clean) if name}.values())[::-1]
    if len(wanted) > MOST_TAGS or any(len(name) > MAX_TAG for name in wanted):
        raise ValueError("tags")
    with transaction.atomic():
        _locked(conversation)
        Tag.objects.filter(conversation=conversation).delete()
        Tag.objects.bulk_create([Tag(conversation_id=conversation, name=name) for name in wanted])
        announce(Notice(conversation, queue=True))
    return wanted


def tags_in_use(text: str = "") -> list[str]:
    """Tags that conversations have, the most frequent first; those that hold `text`."""
    found = Tag.objects.filter(name__icontains=text) if text else Tag.objects.all()
    counted = found.order_by().values("name").annotate(uses=Count("pk")).order_by("-uses", "name")
    return [row["name"] for row in counted[:MOST_SUGGESTED]]


def show_card(author: Author, conversation: int, card: Card, *, mid: str | None = None) -> int:
    """Add something to read to a conversation that this agent answers; its number. Once for each `mid`.

    Raises `Refused` for a conversation that is somebody else's, or closed.
    """
    with transaction.atomic():
        head = _locked(conversation)
        is_assignee = head.agent_id == author.id
        if not can_write(State(head.state), AuthorKind.AGENT, is_assignee=is_assignee):
            raise Refused(Nack.CLOSED if head.state == State.CLOSED else Nack.NOT_ASSIGNEE)
        if mid and (before := _shown_before(conversation, author, mid)):
            return before
        data = {"title": card.title, "url": card.url, "slug": card.slug, "type": str(card.kind)}
        record = head.add(EventKind.ARTICLE, author, database_now(), mid=mid, data=data)
        # So that the visitor can say what became of it, as of what the assistant shows.
        Suggestion.objects.get_or_create(
            conversation_id=conversation, kind=card.kind, slug=card.slug, defaults={"seq": record.seq}
        )
        ledger.write([head])
        announce(Notice(conversation, tuple(head.records)))
    return record.seq


def _take_over(agent: int, conversation: int) -> int:
    with transaction.atomic():
        taker, head = routing.locked(agent), _locked(conversation)
        if head.state == State.CLOSED:
            raise Refused(Nack.CLOSED)
        if head.state == State.ACTIVE and head.agent_id == agent:
            return head.assign_rev
        now, before = database_now(), states.holder(head)
        routing.end_offers(Offer.objects.filter(conversation=conversation))
        states.assign(head, taker, now)
        Agent.objects.filter(pk=agent).update(idle_since=now)
        _done(head, agent, before)
    return head.assign_rev


def _done(head: Head, agent: int, before: int | None = None) -> None:
    ledger.write([head])
    agents = (agent,) if before in (None, agent) else (agent, before)
    announce(Notice(head.pk, tuple(head.records), state=True, agents=agents, queue=True))


def _locked(conversation: int) -> Head:
    head = ledger.lock([conversation]).get(conversation)
    if head is None:
        raise Refused(Nack.CLOSED)
    return head


def _shown_before(conversation: int, author: Author, mid: str) -> int | None:
    events = Conversation(pk=conversation).events.filter(mid=mid, author_kind=author.kind, author=author.id)
    return events.values_list("seq", flat=True).first()
