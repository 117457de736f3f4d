"""Closing the chat to a visitor for a while: they are told so, and how else they reach us.

Nothing is asked for every message: who is blocked has only closed conversations, and a closed one is looked at
when it would reopen.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.crypto import salted_hmac

from chat.core.terms import State
from chat.models import Agent, Block, Conversation
from chat.services import ledger, routing, states
from chat.services.announcements import Notice, announce
from chat.services.clock import database_now
from chat.services.ledger import Author
from helpcenter.masking import mask_text

DAYS = (1, 7, 30)
MOST_REASON = 200
REASON = "blocked"
# Behind one address people change, and many have the same browser: as a pair it counts no longer than this.
BROWSER_HOLDS = timedelta(hours=24)


def client_key(address: str, browser: str) -> str:
    """A fingerprint of address and browser together that tells nothing to those without this site's key."""
    return salted_hmac("chat.client", f"{address}\0{browser}", algorithm="sha256").hexdigest()


def block(author: Author, conversation: Conversation, reason: str, days: int) -> Block:
    """Close the chat to a conversation's visitor for `days`, and end all that they have open."""
    visitor = conversation.visitor
    with transaction.atomic():
        now = database_now()
        made = Block.objects.create(
            visitor=visitor,
            client_key=visitor.client_key,
            conversation=conversation,
            reason=mask_text(reason).text[:MOST_REASON],
            by_id=author.id,
            created_at=now,
            ends_at=now + timedelta(days=days),
        )
        keys = Conversation.objects.filter(visitor=visitor).exclude(state=State.CLOSED)
        for head in ledger.lock(keys.values_list("pk", flat=True)).values():
            if head.state == State.CLOSED:
                continue
            before = states.holder(head)
            states.close(head, now, reason=REASON, author=author)
            ledger.write([head])
            agents = (before,) if before else ()
            announce(Notice(head.pk, tuple(head.records), state=True, agents=agents, queue=True))
    routing.run()
    return made


def lift(made: Block, agent: Agent) -> None:
    """Let a visitor in again; lifting twice is lifting once."""
    Block.objects.filter(pk=made.pk, lifted_at=None).update(lifted_at=timezone.now(), lifted_by=agent)


def standing(now: datetime | None = None) -> QuerySet[Block]:
    """Blocks that hold."""
    return Block.objects.filter(lifted_at=None, ends_at__gt=now or timezone.now())


def of_visitor(visitor: int) -> Block | None:
    """The block of a visitor that holds longest."""
    return standing().filter(visitor=visitor).order_by("-ends_at").first()


def is_closed_to(conversation: int) -> bool:
    """Whether a conversation's visitor may not take it up again."""
    return standing().filter(visitor__conversations=conversation).exists()


def is_turned_away(*, client: str = "", visitor: int | None = None) -> bool:
    """Whether somebody may open no conversation, by their browser (a `client_key`) or as a known visitor."""
    now = timezone.now()
    who = Q(visitor=visitor) if visitor is not None else Q(pk=None)
    if client:
        who |= Q(client_key=client, created_at__gt=now - BROWSER_HOLDS)
    return standing(now).filter(who).exists()
