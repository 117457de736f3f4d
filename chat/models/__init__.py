"""Conversations: who talks, what was said, who answers, and the files that belong to it."""

from chat.models.agent import Agent, CannedResponse
from chat.models.attachment import Attachment
from chat.models.conversation import Conversation, Cursor, Event, Rating
from chat.models.hidden import HiddenKind, hidden_labels
from chat.models.identity import UsedToken
from chat.models.routing import Assignment, Deployment, Duty, Offer, PresenceLease, Suggestion
from chat.models.visitor import Visitor

__all__ = [
    "Agent",
    "Assignment",
    "Attachment",
    "CannedResponse",
    "Conversation",
    "Cursor",
    "Deployment",
    "Duty",
    "Event",
    "HiddenKind",
    "Offer",
    "PresenceLease",
    "Rating",
    "Suggestion",
    "UsedToken",
    "Visitor",
    "hidden_labels",
]
