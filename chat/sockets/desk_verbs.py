"""What an agent's verbs do, and how the desk sees agents and offers. Runs on worker threads."""

from __future__ import annotations

from typing import Any

from chat.access import key_of, open_for_agent
from chat.core import frames
from chat.core.events import wire_time
from chat.core.frames import BadFrame
from chat.services import conversations, presence, routing
from chat.services.desk_sessions import DeskAgent
from chat.services.presence import AgentSnapshot


def do(agent: DeskAgent, frame: Any) -> int | None:
    """Do it; the new assignment's number where there is one. Raises `Refused`, `Http404`."""
    if isinstance(frame, frames.PresenceChoice):
        presence.choose(agent.agent, frame.status)
        return None
    if not isinstance(frame, frames.Accept | frames.Decline | frames.Transfer | frames.CloseConversation):
        raise BadFrame("unknown")
    if isinstance(frame, frames.Accept):
        # Whoever lost the race is told by whom, so the right to take it is looked at under the lock.
        return routing.accept(agent.agent, key_of(str(frame.conversation)))
    key = open_for_agent(agent.agent, agent.is_supervisor, str(frame.conversation)).conversation
    if isinstance(frame, frames.Decline):
        routing.decline(agent.agent, key)
    elif isinstance(frame, frames.Transfer):
        conversations.transfer(
            agent.agent,
            key,
            to_agent=frame.agent,
            to_topic=frame.topic,
            note=frame.note,
            supervisor=agent.is_supervisor,
        )
    else:
        conversations.close(agent.agent, key, frame.reason, supervisor=agent.is_supervisor)
    return None


def agent_dict(agent: DeskAgent) -> dict[str, Any]:
    """An agent as their own desk knows them."""
    return {
        "id": agent.agent,
        "name": agent.name,
        "verify_code": agent.verify_code,
        "capacity": agent.capacity,
        "supervisor": agent.is_supervisor,
    }


def offers_of(snapshot: AgentSnapshot | None) -> dict[str, dict[str, Any]]:
    """The pending offers by conversation, as frames show them."""
    offers = snapshot.offers if snapshot else []
    return {
        str(offer.conversation): {
            "conversation": str(offer.conversation),
            "expires_at": wire_time(offer.expires_at),
            "summary": offer.summary,
        }
        for offer in offers
    }
