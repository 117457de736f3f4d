"""The agent's socket: any number of conversations, offers and presence, by the session's cookie."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from http.cookies import CookieError, SimpleCookie
from typing import Any
from uuid import UUID, uuid4

from django.conf import settings
from django.db import DatabaseError
from django.http import Http404
from django.utils import timezone
from django.utils.translation import get_supported_language_variant

from chat.access import Opened, open_for_agent, open_many_for_agent
from chat.core import frames, server_frames
from chat.core.events import wire_time
from chat.core.frame_parser import parse_agent_frame
from chat.core.frames import BadFrame
from chat.core.terms import Audience, AuthorKind, CloseCode, Nack
from chat.delivery.rooms import Subscription
from chat.services import presence
from chat.services.desk_sessions import DeskAgent, NotAllowed, NotSignedIn, desk_agent
from chat.services.ledger import Author
from chat.services.refusal import Refused
from chat.sockets import desk_verbs, talk
from chat.sockets.base import Socket, Unwelcome

logger = logging.getLogger(__name__)
# A lease lives 45 s and the session is looked at again at most every 30 s: both at every sign of life, but not
# more often than this.
RENEW_SECONDS = 8.0


class DeskSocket(Socket):
    """An agent at a desk."""

    agent: DeskAgent
    author: Author

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self.connection = uuid4()
        self._renewed_at = -RENEW_SECONDS
        self._is_renewing = False
        self._open_here: dict[str, Subscription] = {}
        self._offers: dict[str, Any] = {}
        self._status = ""
        self._is_refreshing = self._must_refresh = False

    # --- Coming and going -----------------------------------------------------------------------------

    async def welcome(self, text: str) -> None:
        """Let in an agent who is signed in."""
        try:
            hello = parse_agent_frame(text)
        except BadFrame:
            raise Unwelcome(CloseCode.BAD_PROTOCOL) from None
        if not isinstance(hello, frames.AgentHello):
            raise Unwelcome(CloseCode.NOT_AUTHENTICATED)
        try:
            self.agent = await self.hub.workers.run(desk_agent, self._session_key())
            await self.hub.workers.run(presence.beat, self.agent.agent, self.connection)
            self._renewed_at = self.now()
            self.author = Author(AuthorKind.AGENT, self.agent.agent, self.agent.name)
            self.language = self._language()
            await self._greet(hello)
        except NotSignedIn:
            raise Unwelcome(CloseCode.NOT_AUTHENTICATED) from None
        except NotAllowed:
            raise Unwelcome(CloseCode.FORBIDDEN) from None
        except DatabaseError:
            raise Unwelcome(CloseCode.OVERLOADED) from None

    async def _greet(self, hello: frames.AgentHello) -> None:
        desks = self.hub.desks.setdefault(self.agent.agent, {})
        desks[self] = None
        for old in list(desks)[: max(0, len(desks) - talk.MOST_TABS)]:
            old.close(CloseCode.REPLACED)
        snapshot = await self.hub.snapshots.get(self.agent.agent)
        joined, lost = await self._join_all(hello.open)
        self._offers = desk_verbs.offers_of(snapshot)
        self._status = snapshot.status if snapshot else ""
        self.tell(
            server_frames.welcome(
                epoch=self.hub.epoch,
                now=timezone.now(),
                agent=desk_verbs.agent_dict(self.agent),
                presence=self._status,
                heads=self.heads(),
                offers=list(self._offers.values()),
            )
        )
        for subscription in joined:
            self._show(subscription)
        for gone in lost:
            self.tell(server_frames.gone(str(gone), "not_found"))

    def gone(self) -> None:
        """The connection has ended; the lease runs out by itself, as after any other end."""
        agent = getattr(self, "agent", None)
        if agent is None:
            return
        desks = self.hub.desks.get(agent.agent, {})
        desks.pop(self, None)
        if not desks:
            self.hub.desks.pop(agent.agent, None)

    def _session_key(self) -> str | None:
        morsel = _cookies(self.scope).get(settings.SESSION_COOKIE_NAME)
        return morsel.value if morsel else None

    def _language(self) -> str:
        morsel = _cookies(self.scope).get(settings.LANGUAGE_COOKIE_NAME)
        try:
            return get_supported_language_variant(morsel.value) if morsel else settings.LANGUAGE_CODE
        except LookupError:
            return settings.LANGUAGE_CODE

    # --- Frames ---------------------------------------------------------------------------------------

    async def take(self, text: str) -> None:
        """Do what a frame asks for."""
        frame = parse_agent_frame(text)
        if isinstance(frame, frames.Send):
            await self._send_message(frame)
        elif isinstance(frame, frames.Open):
            await self._open(frame)
        elif isinstance(frame, frames.Leave):
            self._leave(frame)
        elif isinstance(frame, frames.Ping):
            talk.answer_ping(self, frame)
            self._renew()
        elif isinstance(frame, frames.Pong):
            self.alive()
        elif isinstance(frame, frames.AgentHello):
            raise BadFrame("hello was said already")
        elif not self._talk(frame):
            await self._verb(frame)

    def _talk(self, frame: Any) -> bool:
        """Frames about a conversation that is open here; False for any other."""
        match frame:
            case frames.Got(conversation=key, n=number):
                joined = self._joined(key)
                talk.confirm(self, joined, number, counts=joined.is_assignee)
            case frames.Read(conversation=key, n=number):
                joined = self._joined(key)
                talk.mark_read(self, joined, number, counts=joined.is_assignee)
            case frames.Typing(conversation=key):
                talk.typing(self, self._joined(key))
            case frames.Sync(conversation=key, after=after):
                talk.resend(self, self._joined(key), after)
            case _:
                return False
        return True

    def alive(self) -> None:
        """Frames reach the client."""
        self.pings_open = 0
        self._renew()

    async def _send_message(self, frame: frames.Send) -> None:
        joined = self._open_here.get(str(frame.conversation))
        if joined is not None and joined.is_authorised:
            key = joined.room.key
        else:
            try:
                key = (await self._find(frame.conversation)).conversation
            except Http404:
                self.refuse(Nack.NOT_ASSIGNEE, mid=frame.mid)
                return
            except DatabaseError:
                self.refuse(Nack.UNAVAILABLE, mid=frame.mid)
                return
        talk.submit(self, self.author, Audience.AGENT, key, str(frame.conversation), frame)

    async def _open(self, frame: frames.Open) -> None:
        try:
            joined = await self._join(frame.conversation, frame.after)
        except (Http404, LookupError):
            self.tell(server_frames.gone(str(frame.conversation), "not_found"))
            self.refuse(Nack.NOT_ASSIGNEE, ref=frame.ref)
            return
        except DatabaseError:
            self.refuse(Nack.UNAVAILABLE, ref=frame.ref)
            return
        if frame.ref is not None:
            self.tell(server_frames.ack_ref(frame.ref, joined.room.public_id, joined.rev))
        self._show(joined)

    def _leave(self, frame: frames.Leave) -> None:
        joined = self._open_here.get(str(frame.conversation))
        if joined is not None:
            self._drop(joined)
        if frame.ref is not None:
            self.tell(server_frames.ack_ref(frame.ref, str(frame.conversation)))

    async def _verb(self, frame: Any) -> None:
        """Accept, decline, transfer, close or be online: a service does it, here it is only answered."""
        ref = getattr(frame, "ref", None)
        try:
            rev = await self.hub.workers.run(desk_verbs.do, self.agent, frame)
        except Refused as refused:
            self.refuse(refused.code, ref=ref, by=refused.by)
        except Http404:
            self.refuse(Nack.TAKEN, ref=ref)
        except DatabaseError:
            logger.warning("The database is out of reach", exc_info=True)
            self.refuse(Nack.UNAVAILABLE, ref=ref)
        else:
            conversation = getattr(frame, "conversation", None)
            # What this desk did itself is no news to it.
            self._offers.pop(str(conversation), None)
            self._status = getattr(frame, "status", self._status)
            self.tell(server_frames.ack_ref(ref, str(conversation) if conversation else None, rev))

    # --- Conversations --------------------------------------------------------------------------------

    def _joined(self, conversation: UUID | None) -> Subscription:
        found = self._open_here.get(str(conversation))
        if found is None:
            raise BadFrame("not open here")
        return found

    async def _find(self, public_id: UUID | None) -> Opened:
        return await self.hub.workers.run(
            open_for_agent, self.agent.agent, self.agent.is_supervisor, str(public_id)
        )

    async def _join_all(self, opened: Sequence[tuple[UUID, int]]) -> tuple[list[Subscription], list[UUID]]:
        """Join many at once, as after a restart every desk comes back; what may not be read is named."""
        if not opened:
            return [], []
        ids = [str(public_id) for public_id, _after in opened]
        found = await self.hub.workers.run(
            open_many_for_agent, self.agent.agent, self.agent.is_supervisor, ids
        )
        wanted = [(public_id, after) for public_id, after in opened if str(public_id) in found]
        joining = [self._join_found(public_id, found[str(public_id)], after) for public_id, after in wanted]
        joined = [one for one in await asyncio.gather(*joining) if one is not None]
        there = {one.room.public_id for one in joined}
        return joined, [public_id for public_id, _after in opened if str(public_id) not in there]

    async def _join_found(self, public_id: UUID, found: Opened, after: int) -> Subscription | None:
        try:
            return await self._join_as(public_id, found, after)
        except LookupError:
            return None

    async def _join(self, public_id: UUID, after: int) -> Subscription:
        return await self._join_as(public_id, await self._find(public_id), after)

    async def _join_as(self, public_id: UUID, found: Opened, after: int) -> Subscription:
        joined = await talk.join(self, found.conversation, str(public_id), Audience.AGENT, after)
        joined.rev, joined.is_assignee = found.rev, found.is_assignee
        self._open_here[str(public_id)] = joined
        return joined

    def _show(self, joined: Subscription) -> None:
        if joined.room.state:
            self.tell(server_frames.state(joined.room.public_id, joined.room.state))
        talk.greet(self, joined)
        talk.begin(self, joined)

    def _drop(self, joined: Subscription) -> None:
        self._open_here.pop(joined.room.public_id, None)
        self.outlet.drop(joined)
        self.hub.leave(joined)

    async def _read(self, subscription: Subscription, most: int) -> Sequence[str]:
        """Look up the right to listen anew after every assignment, then what memory or the database has."""
        if not subscription.is_authorised:
            try:
                found = await self._find(UUID(subscription.room.public_id))
            except Http404:
                self._drop(subscription)
                self.tell(server_frames.gone(subscription.room.public_id, "reassigned"))
                return []
            except DatabaseError:
                self.hub.loop.call_later(1.0, self.outlet.wake, subscription)
                return []
            subscription.rev = max(found.rev, subscription.room.rev)
            subscription.is_assignee = found.is_assignee
        return subscription.in_memory(most) or await super()._read(subscription, most)

    # --- Presence and offers --------------------------------------------------------------------------

    def _renew(self) -> None:
        if not self._is_renewing and self.now() - self._renewed_at >= RENEW_SECONDS:
            self._is_renewing = True
            self.hub.spawn(self._renew_now())

    async def _renew_now(self) -> None:
        """Prolong the lease while the sign-in is good; without it the socket ends."""
        try:
            await self.hub.workers.run(desk_agent, self._session_key())
            await self.hub.workers.run(presence.beat, self.agent.agent, self.connection)
            self._renewed_at = self.now()
        except NotSignedIn:
            self.close(CloseCode.NOT_AUTHENTICATED)
        except NotAllowed:
            self.close(CloseCode.FORBIDDEN)
        except DatabaseError:
            logger.warning("A lease was not renewed", exc_info=True)
        finally:
            self._is_renewing = False

    def refresh(self) -> None:
        """Offers or presence may have changed: look, and tell what is different."""
        self._must_refresh = True
        if not self._is_refreshing:
            self._is_refreshing = True
            self.hub.spawn(self._refresh())

    async def _refresh(self) -> None:
        try:
            while self._must_refresh:
                self._must_refresh = False
                snapshot = await self.hub.snapshots.get(self.agent.agent)
                if snapshot is not None and self.is_welcome:
                    self._compare(desk_verbs.offers_of(snapshot), snapshot.status)
        finally:
            self._is_refreshing = False

    def _compare(self, offers: dict[str, Any], status: str) -> None:
        for public_id in self._offers.keys() - offers.keys():
            is_late = self._offers[public_id]["expires_at"] <= wire_time(timezone.now())
            self.tell(server_frames.offer_ended(public_id, "expired" if is_late else "withdrawn"))
        for public_id, offer in offers.items():
            # Between two looks a conversation may have been taken, ended, reopened and offered anew.
            if self._offers.get(public_id, {}).get("expires_at") != offer["expires_at"]:
                self.tell(server_frames.offer(**offer))
        if status != self._status:
            self.tell(server_frames.presence(status))
        self._offers, self._status = offers, status


def _cookies(scope: Any) -> SimpleCookie:
    cookies: SimpleCookie = SimpleCookie()
    for name, value in scope["headers"]:
        if name == b"cookie":
            try:
                cookies.load(value.decode("latin-1"))
            except CookieError:
                continue
    return cookies
