"""Who listens to what in this process, and what happens when something changes."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import Any

from django.conf import settings
from django.db import DatabaseError

from chat.access import Listening, listening_by_token
from chat.core import server_frames
from chat.core.crash import crash_point
from chat.core.terms import Audience, CloseCode, State
from chat.delivery import cursors, reads
from chat.delivery.hints import Hint, make_hints, merged
from chat.delivery.listeners import Beating, Desk
from chat.delivery.reads import After
from chat.delivery.rooms import Listener, Room, Subscription, frame_of
from chat.delivery.workers import Batcher, Workers
from chat.delivery.writer import Job, Writer
from chat.services import presence, state_views
from chat.services.announcements import Notice
from chat.services.append import Appended, Draft, Outcome
from chat.services.presence import AgentSnapshot
from helpcenter.metrics import REPAIRS

logger = logging.getLogger(__name__)
WAITING = (State.WAITING, State.OFFERED)
RETRY_SECONDS = 1.0
SOON_SECONDS = 0.03
# Cursors that are told in one go take a millisecond or so; all of them at once held up the texts for ten.
LEAST_TOLD, MOST_PORTIONS, BETWEEN_PORTIONS_SECONDS = 8, 40, 0.004


class Hub:
    """The rooms and desks of one process. Everything but `hear` is called in the event loop."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.loop = loop
        self.workers = Workers(settings.CHAT_THREADS)
        self.rooms: dict[int, Room] = {}
        self.desks: dict[int, dict[Desk, None]] = {}
        self.cursors = cursors.Cursors()
        self.writer = Writer(loop, self._delivered)
        self.hints = make_hints(settings.REDIS_URL, self._heard, self._missed)
        self.states: Batcher[int, dict[str, Any]] = Batcher(self.workers, state_views.states_of)
        self.heads: Batcher[int, reads.Heads] = Batcher(self.workers, reads.heads)
        self.places: Batcher[int, dict[Audience, reads.Places]] = Batcher(self.workers, reads.cursors)
        self._events: Batcher[After, list] = Batcher(self.workers, reads.events)
        self._filling: set[int] = set()
        self._stale: set[int] = set()
        self._queue_changed = False
        self._is_telling_cursors = False
        self._telling: asyncio.TimerHandle | None = None
        # States are read and told one after the other: an older answer must never follow a newer one.
        self._states_turn = asyncio.Lock()
        self._tasks: set[asyncio.Task[None]] = set()
        self.tokens: Batcher[str, Listening] = Batcher(self.workers, listening_by_token)
        self.snapshots: Batcher[int, AgentSnapshot] = Batcher(self.workers, _snapshots)
        self.sockets: dict[Beating, None] = {}
        self.epoch = ""
        self.is_draining = False
        self.repaired = 0

    # --- Listening ------------------------------------------------------------------------------------

    async def join(
        self, key: int, public_id: str, listener: Listener, audience: Audience, after: int
    ) -> Subscription:
        """Listen to a conversation: first the subscription, then the heads, so that nothing falls between."""
        room = self.rooms.get(key)
        if room is None:
            room = self.rooms[key] = Room(key, public_id)
        subscription = Subscription(room, listener, audience, after)
        # Held until the heads are known; a held one keeps the room alive already.
        subscription.is_held = True
        room.subscriptions[subscription] = None
        try:
            await self.hints.ready()
            found = await self.heads.get(key)
            if found is None:
                raise LookupError("The conversation is gone.")
        except BaseException:
            self.leave(subscription)
            raise
        if not room.seq and found.seq:
            room.start_at(found.seq, found.pub_seq, found.rev)
        else:
            self._compare(room, found)
        subscription.sent = subscription.got = min(after, subscription.head)
        subscription.is_held = False
        return subscription

    def leave(self, subscription: Subscription) -> None:
        """Listen no more; the last one to leave closes the room."""
        room = subscription.room
        room.subscriptions.pop(subscription, None)
        subscription.is_held = True
        if room.subscriptions or self.rooms.get(room.key) is not room:
            return
        del self.rooms[room.key]
        if rows := self.cursors.forget(room.key):
            self._store_cursors(rows)

    async def read(self, subscription: Subscription, most: int) -> Sequence[str]:
        """Frames from the database after the last one sent; none, and another try soon, when that fails."""
        room, audience = subscription.room, subscription.audience
        try:
            records = await self._events.get(After(room.key, subscription.sent, audience)) or []
        except DatabaseError:
            logger.warning("Events can't be read now", exc_info=True)
            records = []
        if not records:
            self.loop.call_later(RETRY_SECONDS, subscription.listener.wake, subscription)
        frames = (frame_of(room.public_id, record, audience) for record in records[:most])
        return [frame for frame in frames if frame is not None]

    # --- What was written here ------------------------------------------------------------------------

    def send(self, draft: Draft, answer: Callable[[Outcome], None]) -> None:
        """Have a text written; listeners get it after the commit, `answer` is called with what became of it."""
        self.writer.submit(draft, answer)

    def _delivered(self, jobs: Sequence[Job], outcomes: Sequence[Outcome]) -> None:
        numbers = []
        for outcome in outcomes:
            if isinstance(outcome, Appended) and outcome.records:
                last = outcome.records[-1]
                numbers.append((last.conversation, last.seq))
                self._take(last.conversation, outcome.records)
                if outcome.reopened:
                    self._changed(Notice(last.conversation, state=True, queue=True))
        crash_point("before_hint")
        for key, number in merged(numbers).items():
            self.hints.publish(key, {"n": number})

    # --- What was announced by services ---------------------------------------------------------------

    def hear(self, notice: Notice) -> None:
        """Take a notice from any thread."""
        self.loop.call_soon_threadsafe(self._noticed, notice)

    def _noticed(self, notice: Notice) -> None:
        if notice.conversation is not None:
            if notice.records:
                self._take(notice.conversation, notice.records)
            number = notice.records[-1].seq if notice.records else 0
            self.hints.publish(notice.conversation, {"n": number, "s": int(notice.state)})
        if notice.agents or notice.queue:
            self.hints.publish(None, {"a": notice.agents, "q": int(notice.queue)})
        self._changed(notice)

    def _changed(self, notice: Notice) -> None:
        if notice.state and notice.conversation in self.rooms:
            self._stale.add(notice.conversation)
        self._queue_changed = self._queue_changed or notice.queue or notice.state
        self._tell_states_soon()
        for agent in notice.agents:
            for desk in self.desks.get(agent, ()):
                desk.refresh()

    # --- What other processes said --------------------------------------------------------------------

    def _heard(self, key: int | None, hint: Hint) -> None:
        if key is None:
            self._changed(Notice(agents=tuple(hint["a"]), queue=bool(hint["q"])))
            return
        room = self.rooms.get(key)
        if room is None:
            return
        if hint.get("n", 0) > room.seq:
            self.fill(room)
        if hint.get("s"):
            self._stale.add(key)
        if who := hint.get("t"):
            room.tell(_other(Audience(who)), server_frames.typing(room.public_id))
        if moved := hint.get("u"):
            self.cursors.move(key, Audience(moved[0]), delivered=moved[1], read=moved[2], store=False)

    def _missed(self) -> None:
        """Hints may have been lost: compare everything."""
        self.spawn(self.compare_all())
        self._stale.update(self.rooms)
        for desks in self.desks.values():
            for desk in desks:
                desk.refresh()

    # --- Repairs --------------------------------------------------------------------------------------

    async def compare_all(self) -> None:
        """Compare the heads of every room with the database, and fetch what is missing."""
        keys = list(self.rooms)
        for start in range(0, len(keys), 500):
            found = await self.workers.run(reads.heads, keys[start : start + 500])
            for key, heads in found.items():
                if room := self.rooms.get(key):
                    self._compare(room, heads)

    async def compare(self, room: Room) -> None:
        """Compare one room's heads with the database."""
        if found := await self.heads.get(room.key):
            self._compare(room, found)

    def _compare(self, room: Room, heads: reads.Heads) -> None:
        if heads.rev > room.rev:
            room.rev = heads.rev
            self._stale.add(room.key)
        if heads.seq > room.seq:
            self.repaired += 1
            REPAIRS.inc()
            self.fill(room)

    def fill(self, room: Room) -> None:
        """Fetch the events that this room lacks."""
        if room.key not in self._filling:
            self._filling.add(room.key)
            self.spawn(self._fill(room))

    async def _fill(self, room: Room) -> None:
        try:
            while self.rooms.get(room.key) is room:
                records = await self._events.get(After(room.key, room.seq, Audience.AGENT))
                if not records:
                    break
                room.take(records)
                room.wake()
                if len(records) < reads.STRETCH:
                    break
        except DatabaseError:
            # The next comparison finds it again.
            logger.warning("A gap can't be filled now", exc_info=True)
        finally:
            self._filling.discard(room.key)

    def _take(self, key: int, records: Iterable[Any]) -> None:
        room = self.rooms.get(key)
        if room is None:
            return
        if not room.take(records):
            self.fill(room)
        room.wake()

    # --- States, cursors, typing ----------------------------------------------------------------------

    def typing(self, subscription: Subscription) -> None:
        """Let the other side know that somebody types."""
        room = subscription.room
        room.tell(_other(subscription.audience), server_frames.typing(room.public_id))
        self.hints.publish(room.key, {"t": subscription.audience})

    def moved(self, subscription: Subscription, *, delivered: int = 0, read: int = 0) -> None:
        """Note how far the listener has got; that somebody has got their own texts is no news to the others."""
        room, who = subscription.room, subscription.audience
        before, newest = self.cursors.place(room.key, who), room.written_by_other[who]
        is_news = (before[0] < newest and delivered > before[0]) or (before[1] < newest and read > before[1])
        self.cursors.move(room.key, who, delivered=delivered, read=read, tell=is_news)

    def _tell_states_soon(self) -> None:
        """What changes together is told together; the keeper looks again when this fails."""
        if self._telling is None:
            self._telling = self.loop.call_later(SOON_SECONDS, self._tell_states_now)

    def _tell_states_now(self) -> None:
        self._telling = None
        self.spawn(self.tell_states())

    def learn_state(self, room: Room, state: dict[str, Any]) -> None:
        """A newcomer has read `state`; whoever listens already may have been told an older or a newer one."""
        if room.told is None:
            room.told = state
        elif room.told != state:
            room.told = {}
            self._stale.add(room.key)
            self._tell_states_soon()
        room.state = state

    async def tell_states(self) -> None:
        """Tell the listeners of rooms whose state has changed; in all waiting ones when the queue has moved."""
        async with self._states_turn:
            await self._tell_states()

    async def _tell_states(self) -> None:
        if self._queue_changed:
            self._queue_changed = False
            waiting = (
                key for key, room in self.rooms.items() if room.state and room.state["state"] in WAITING
            )
            self._stale.update(waiting)
            for desks in self.desks.values():
                for desk in desks:
                    desk.tell(server_frames.inbox())
        if not self._stale:
            return
        keys, self._stale = list(self._stale), set()
        try:
            found = await self.workers.run(state_views.states_of, keys)
        except DatabaseError:
            self._stale.update(keys)
            raise
        for key, state in found.items():
            if room := self.rooms.get(key):
                self._tell_state(room, state)

    def _tell_state(self, room: Room, state: dict[str, Any]) -> None:
        if state == room.told:
            return
        room.state = room.told = state
        room.tell(Audience.VISITOR, server_frames.state(room.public_id, state_views.for_visitor(state)))
        room.tell(Audience.AGENT, server_frames.state(room.public_id, state))

    async def tell_cursors(self) -> None:
        """Tell each side how far the other one has got since the last time, a few at a time, between texts."""
        if self._is_telling_cursors:
            # What moves meanwhile is told with the next ones.
            return
        self._is_telling_cursors = True
        try:
            moved = self.cursors.take_moved()
            portion = max(LEAST_TOLD, -(-len(moved) // MOST_PORTIONS))
            for start in range(0, len(moved), portion):
                for key, who in moved[start : start + portion]:
                    self._tell_cursor(key, who)
                await asyncio.sleep(BETWEEN_PORTIONS_SECONDS)
        finally:
            self._is_telling_cursors = False

    def _tell_cursor(self, key: int, who: Audience) -> None:
        room = self.rooms.get(key)
        if room is None:
            return
        place = self.cursors.place(key, who)
        if len(room.listeners(who)) > 1:
            # Other windows of the same side.
            room.tell(who, server_frames.cursor(room.public_id, who, *place))
        other = _other(who)
        delivered, read = (room.translated(other, number) if number else 0 for number in place)
        if delivered is not None and read is not None:
            room.tell(other, server_frames.cursor(room.public_id, who, delivered, read))

    def store_cursors(self) -> None:
        """Write the cursors that moved here, and tell other processes."""
        rows = self.cursors.take_unwritten()
        if rows:
            for key, who, delivered, read in rows:
                self.hints.publish(key, {"u": [who, delivered, read]})
            self._store_cursors(rows)

    def _store_cursors(self, rows: list[cursors.Row]) -> None:
        """A few at a time, between texts; what isn't stored the clients confirm again with their next messages."""
        for start in range(0, len(rows), cursors.PORTION):
            self.writer.after(partial(cursors.store, rows[start : start + cursors.PORTION]))

    def send_away(self) -> None:
        """Have every client connect anew."""
        for socket in list(self.sockets):
            socket.tell(server_frames.drain(3000))
            socket.close(CloseCode.RESTART)

    # --- Housekeeping ---------------------------------------------------------------------------------

    def spawn(self, work: Any) -> None:
        """Run a coroutine to its end; what it raises is logged."""
        task = self.loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (problem := task.exception()):
            logger.error("Work for the chat failed", exc_info=problem)

    async def close(self) -> None:
        """Write what was submitted, tell what was written, let go of everything."""
        self.store_cursors()
        await self.loop.run_in_executor(None, self.writer.close)
        await asyncio.sleep(0)
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self.hints.close()
        await self.loop.run_in_executor(None, self.workers.close)


def _snapshots(agents: Sequence[int]) -> dict[int, AgentSnapshot]:
    return {agent: presence.snapshot(agent) for agent in agents}


def _other(audience: Audience) -> Audience:
    return Audience.AGENT if audience == Audience.VISITOR else Audience.VISITOR
