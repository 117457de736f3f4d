"""Messages that customers left, their answers and their attachments."""

from chat.models.attachment import Attachment
from chat.models.left_message import HiddenKind, LeftMessage, Reply

__all__ = ["Attachment", "HiddenKind", "LeftMessage", "Reply"]
