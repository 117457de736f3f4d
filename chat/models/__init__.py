"""Conversations: who talks, what was said, who answers, and the files that belong to it."""

from chat.models.agent import Agent, CannedResponse
from chat.models.attachment import Attachment
from chat.models.block import Block
from chat.models.conversation import Conversation, Cursor, Event, Rating
from chat.models.hidden import HiddenKind, hidden_labels
from chat.models.identity import UsedToken
from chat.models.mail import EmailAlert, Mail
from chat.models.routing import Assignment, Deployment, Duty, Offer, PresenceLease, Suggestion
from chat.models.tag import Tag
from chat.models.visitor import Visitor

__all__ = [
    "Agent",
    "Assignment",
    "Attachment",
    "Block",
    "CannedResponse",
    "Conversation",
    "Cursor",
    "Deployment",
    "Duty",
    "EmailAlert",
    "Event",
    "HiddenKind",
    "Mail",
    "Offer",
    "PresenceLease",
    "Rating",
    "Suggestion",
    "Tag",
    "UsedToken",
    "Visitor",
    "hidden_labels",
]
