"""The visitor's socket: one conversation, by its token."""

from __future__ import annotations

from uuid import UUID

from django.db import DatabaseError
from django.utils import timezone

from chat.core import frames, server_frames
from chat.core.frame_parser import parse_visitor_frame
from chat.core.frames import BadFrame
from chat.core.terms import Audience, CloseCode
from chat.core.tokens import fingerprint
from chat.delivery.rooms import Subscription
from chat.services.append import VISITOR
from chat.services.state_views import for_visitor
from chat.sockets import talk
from chat.sockets.base import Socket, Unwelcome


class VisitorSocket(Socket):
    """A visitor who listens to and writes in their conversation."""

    subscription: Subscription

    async def welcome(self, text: str) -> None:
        """Let in whoever has the conversation's token."""
        try:
            hello = parse_visitor_frame(text)
        except BadFrame:
            raise Unwelcome(CloseCode.BAD_PROTOCOL) from None
        if not isinstance(hello, frames.Hello):
            raise Unwelcome(CloseCode.NOT_AUTHENTICATED)
        try:
            found = await self.hub.tokens.get(fingerprint(hello.token))
            if found is None:
                raise Unwelcome(CloseCode.NOT_AUTHENTICATED)
            self.language = found.language
            joined = await talk.join(self, found.conversation, found.public_id, Audience.VISITOR, hello.after)
        except (DatabaseError, LookupError):
            raise Unwelcome(CloseCode.OVERLOADED) from None
        self._begin(joined)
        # Who it is is known; what the browser said of itself is not kept for hours.
        self.scope.clear()

    def _begin(self, joined: Subscription) -> None:
        self.subscription = joined
        talk.leave_to_newer(joined)
        state = for_visitor(joined.room.state or {})
        self.tell(
            server_frames.welcome(epoch=self.hub.epoch, now=timezone.now(), head=joined.head, state=state)
        )
        talk.greet(self, joined)
        talk.begin(self, joined)

    async def take(self, text: str) -> None:
        """Do what a frame asks for."""
        frame = parse_visitor_frame(text)
        self._check(getattr(frame, "conversation", None))
        joined = self.subscription
        match frame:
            case frames.Send():
                talk.submit(self, VISITOR, Audience.VISITOR, joined.room.key, joined.room.public_id, frame)
            case frames.Got(n=number):
                talk.confirm(self, joined, number)
            case frames.Read(n=number):
                talk.mark_read(self, joined, number)
            case frames.Ping():
                talk.answer_ping(self, frame)
            case frames.Pong():
                self.alive()
            case frames.Typing():
                talk.typing(self, joined)
            case frames.Sync(after=after):
                talk.resend(self, joined, after)
            case _:
                raise BadFrame("hello was said already")

    def alive(self) -> None:
        """Frames reach the client."""
        self.pings_open = 0

    def _check(self, conversation: UUID | None) -> None:
        """A visitor's frames may name the conversation, and no other one."""
        if conversation is not None and str(conversation) != self.subscription.room.public_id:
            raise BadFrame("another conversation")
