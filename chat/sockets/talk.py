"""What a frame of either side does in one conversation."""

from __future__ import annotations

from functools import partial

from chat.core import server_frames
from chat.core.frames import BadFrame, Ping, Send
from chat.core.terms import Audience, CloseCode, Nack
from chat.core.text import TextRefused, clean_text
from chat.delivery.reads import Places
from chat.delivery.rooms import Subscription
from chat.services.append import Appended, Draft, Outcome
from chat.services.ledger import Author
from chat.sockets.base import Socket
from chat.sockets.limits import message_wait

MOST_TABS = 10
TYPING_SECONDS = 3.0


async def join(socket: Socket, key: int, public_id: str, audience: Audience, after: int) -> Subscription:
    """Listen to a conversation; nothing of it is sent before `begin`. Raises `LookupError`, `DatabaseError`."""
    hub, outlet = socket.hub, socket.outlet
    earlier = outlet.subscriptions.get(key)
    if earlier is not None:
        outlet.drop(earlier)
        hub.leave(earlier)
    subscription = await hub.join(key, public_id, outlet, audience, after)
    outlet.subscriptions[key] = subscription
    subscription.is_held = True
    try:
        state = await hub.states.get(key)
        places = await hub.places.get(key) or {}
    except BaseException:
        outlet.drop(subscription)
        hub.leave(subscription)
        raise
    if state:
        hub.learn_state(subscription.room, state)
    _learn(socket, subscription, places)
    return subscription


def begin(socket: Socket, subscription: Subscription) -> None:
    """Send what there is, then say that the backlog is through."""
    subscription.is_held = False
    subscription.caught_up_at = subscription.head
    socket.outlet.wake(subscription)


def leave_to_newer(subscription: Subscription) -> None:
    """Only so many windows of one visitor listen; the oldest give way."""
    same = subscription.room.listeners(subscription.audience)
    for old in same[: max(0, len(same) - MOST_TABS)]:
        old.listener.close(CloseCode.REPLACED)


def _learn(socket: Socket, subscription: Subscription, places: dict[Audience, Places]) -> None:
    """Tell a newcomer how far both sides have got."""
    room, cursors = subscription.room, socket.hub.cursors
    for who, place in places.items():
        cursors.move(room.key, who, delivered=place.own[0], read=place.own[1], store=False)
        # Memory is ahead of the database, and what was told before is never taken back.
        delivered, read = cursors.place(room.key, who)
        if who != subscription.audience:
            mine = subscription.audience
            delivered = max(room.translated(mine, delivered) or 0, place.translated[0])
            read = max(room.translated(mine, read) or 0, place.translated[1])
        subscription.greeting.append(server_frames.cursor(room.public_id, who, delivered, read))


def greet(socket: Socket, subscription: Subscription) -> None:
    """Send what a newcomer has to know besides the events."""
    for frame in subscription.greeting:
        socket.tell(frame)
    subscription.greeting = []


def submit(socket: Socket, author: Author, audience: Audience, key: int, public_id: str, frame: Send) -> None:
    """Have a text written; the client hears what became of it."""
    mid = frame.mid
    try:
        text = clean_text(frame.text) if frame.text or not frame.attachments else ""
    except TextRefused as refused:
        socket.refuse(refused.code, mid=mid)
        return
    is_agent = audience == Audience.AGENT
    writer = ("agent", author.id) if is_agent else ("visitor", key)
    if wait := message_wait(writer, socket.now(), is_agent=is_agent):
        socket.refuse(Nack.RATE_LIMITED, mid=mid, retry_ms=wait)
        return
    draft = Draft(key, author, text, mid, frame.attachments, frame.internal, frame.rev)
    socket.hub.send(draft, partial(_answer, socket, audience, public_id, mid))


def _answer(socket: Socket, audience: Audience, public_id: str, mid: str, outcome: Outcome) -> None:
    if isinstance(outcome, Appended):
        record = outcome.record
        # A visitor's own text is always theirs to see.
        number = (record.pub_seq or 0) if audience == Audience.VISITOR else record.seq
        socket.tell(server_frames.ack(mid, public_id, number, record.at, outcome.dup))
    else:
        socket.refuse(outcome.code, mid=mid)


def confirm(socket: Socket, subscription: Subscription, number: int, *, counts: bool = True) -> None:
    """The client has got everything up to `number`; raises `BadFrame` for a number that never was."""
    if not socket.outlet.confirm(subscription, number):
        raise BadFrame("got more than there is")
    socket.alive()
    if counts:
        socket.hub.moved(subscription, delivered=number)


def mark_read(socket: Socket, subscription: Subscription, number: int, *, counts: bool = True) -> None:
    """The person has seen everything up to `number`; raises `BadFrame` for a number that never was."""
    if number > subscription.head:
        raise BadFrame("read more than there is")
    if counts:
        socket.hub.moved(subscription, read=number)


def resend(socket: Socket, subscription: Subscription, after: int) -> None:
    """Send again from `after` on; raises `BadFrame` for a number that never was."""
    if after > subscription.head:
        raise BadFrame("sync after more than there is")
    socket.outlet.rewind(subscription, after)


def answer_ping(socket: Socket, frame: Ping) -> None:
    """Answer, and look after conversations of which the client knows more than we do."""
    socket.tell(server_frames.pong())
    for subscription in socket.outlet.subscriptions.values():
        theirs = frame.heads.get(subscription.room.public_id)
        if theirs is not None and theirs > subscription.head:
            socket.hub.spawn(socket.hub.compare(subscription.room))


def typing(socket: Socket, subscription: Subscription) -> None:
    """Let the other side know, not more often than it is shown."""
    now = socket.now()
    if now - subscription.typed_at >= TYPING_SECONDS:
        subscription.typed_at = now
        socket.hub.typing(subscription)
