"""A model of the server: processes with connections, writes in two steps, and hints that may get lost.

`bugs` plants faults that real chats have had, to see whether the checker finds them:
`ack_before_commit`, `no_unique_mid`, `no_lock`, `fetch_before_subscribe`, `no_anti_entropy`, `order_by_time`,
`no_reauthorise`, `accept_always`. Pure.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.faults.simulation.store import Conversation, Store

Frame = dict[str, Any]


@dataclass(eq=False)
class Connection:
    """A client's connection as the server sees it; `sent` is the last number sent of each conversation."""

    client: str
    agent: int | None
    own: str | None
    process: Process
    up: list[Frame] = field(default_factory=list)
    down: list[Frame] = field(default_factory=list)
    sent: dict[str, int] = field(default_factory=dict)
    is_deaf: bool = False
    is_mute: bool = False
    is_open: bool = True

    @property
    def role(self) -> str:
        """Whose numbers it is sent."""
        return "visitor" if self.agent is None else "agent"

    def tell(self, frame: Frame) -> None:
        """Put a frame on its way, unless the network swallows it."""
        if self.is_open and not self.is_deaf:
            self.down.append(frame)


@dataclass(eq=False)
class Write:
    """A text that a process has taken; `seq` and `pub_seq` are what was read without a lock."""

    connection: Connection
    frame: Frame
    seq: int = 0
    pub_seq: int = 0
    is_dup: bool = False
    n: int = 0


class Process:
    """One server process; nothing of it survives `die`."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.connections: list[Connection] = []
        # For each conversation that somebody listens to here, up to where it is known.
        self.rooms: dict[str, int] = {}
        self.joining: list[tuple[Connection, str, int]] = []
        self.queue: list[Write] = []
        self.unannounced: list[Write] = []

    # --- Frames ---------------------------------------------------------------------------------------

    def take(self, connection: Connection, frame: Frame) -> None:
        """A frame has arrived."""
        handle: Callable[[Connection, Frame], None] | None = getattr(self, f"_on_{frame['type']}", None)
        if handle is not None:
            handle(connection, frame)

    def _on_hello(self, connection: Connection, frame: Frame) -> None:
        opened = frame.get("open") or []
        if connection.own is not None:
            opened = [{"conversation": connection.own, "after": frame["after"]}]
        connection.tell({"type": "welcome", "epoch": "e", "offers": []})
        for one in opened:
            self._join(connection, one["conversation"], one["after"])

    def _on_open(self, connection: Connection, frame: Frame) -> None:
        self._join(connection, frame["conversation"], frame["after"])
        connection.tell({"type": "ack", "ref": frame["ref"], "conversation": frame["conversation"]})

    def _on_sync(self, connection: Connection, frame: Frame) -> None:
        if frame["conversation"] in connection.sent:
            connection.sent[frame["conversation"]] = frame["after"]
            self.pump(frame["conversation"])

    def _on_ping(self, connection: Connection, frame: Frame) -> None:
        connection.tell({"type": "pong"})

    def _on_send(self, connection: Connection, frame: Frame) -> None:
        self.queue.append(Write(connection, frame))

    def _on_accept(self, connection: Connection, frame: Frame) -> None:
        talk = self.server.store.conversations[frame["conversation"]]
        answer: Frame = {"ref": frame["ref"], "conversation": talk.id}
        if talk.agent not in (None, connection.agent) and "accept_always" not in self.server.bugs:
            connection.tell({"type": "nack", "code": "taken", **answer})
            return
        if talk.agent != connection.agent:
            self.server.assign(talk, connection.agent)
            self.announce_rows(talk)
        connection.tell({"type": "ack", "rev": talk.rev, **answer})

    # --- Listening ------------------------------------------------------------------------------------

    def _join(self, connection: Connection, conversation: str, after: int) -> None:
        talk = self.server.store.conversations[conversation]
        if connection.agent is not None and not talk.may_read(connection.agent):
            connection.tell({"type": "gone", "conversation": conversation, "reason": "not_found"})
            return
        if "fetch_before_subscribe" in self.server.bugs:
            # What is there is read now; whoever writes before the other half is missed.
            self.joining.append((connection, conversation, after))
            for event in talk.after(after, connection.role):
                self._send_event(connection, conversation, event)
            return
        connection.sent[conversation] = after
        self.rooms[conversation] = talk.seq
        self.pump(conversation)

    def finish_joining(self) -> None:
        """The second half of joining where it has two."""
        joining, self.joining = self.joining, []
        for connection, conversation, after in joining:
            talk = self.server.store.conversations[conversation]
            last = max((event["n"] for event in talk.after(after, connection.role)), default=after)
            connection.sent[conversation] = last
            self.rooms.setdefault(conversation, talk.seq)

    def pump(self, conversation: str) -> None:
        """Send everybody what they lack, as far as this process knows."""
        talk = self.server.store.conversations[conversation]
        known = self.rooms.get(conversation, 0)
        for connection in list(self.connections):
            if conversation not in connection.sent:
                continue
            if not self._may(connection, talk):
                del connection.sent[conversation]
                connection.tell({"type": "gone", "conversation": conversation, "reason": "reassigned"})
                continue
            rows = {row.number(connection.role) for row in talk.rows if row.seq <= known}
            for event in talk.after(connection.sent[conversation], connection.role):
                if event["n"] in rows:
                    self._send_event(connection, conversation, event)
                    connection.sent[conversation] = event["n"]

    def _may(self, connection: Connection, talk: Conversation) -> bool:
        if connection.agent is None or "no_reauthorise" in self.server.bugs:
            return True
        return talk.may_read(connection.agent)

    @staticmethod
    def _send_event(connection: Connection, conversation: str, event: Frame) -> None:
        connection.tell({"type": "event", "conversation": conversation, "event": event})

    # --- Writing --------------------------------------------------------------------------------------

    def write(self) -> None:
        """Commit what waits; the acknowledgements come in a step of their own, so that a crash fits between."""
        batch, self.queue = self.queue, []
        if "order_by_time" in self.server.bugs:
            batch.sort(key=lambda one: one.frame["at"])
        for one in batch:
            if self.server.is_stored(one):
                one.is_dup = True
            elif "no_lock" in self.server.bugs:
                self._read_numbers(one)
            elif "ack_before_commit" in self.server.bugs:
                talk = self.server.talk(one)
                self._acknowledge(one, talk.head(one.connection.role) + 1)
            else:
                self.server.commit(one)
        self.unannounced += batch

    def announce(self) -> None:
        """Tell what was written: the listeners here, the other processes, and whoever wrote it."""
        batch, self.unannounced = self.unannounced, []
        for one in batch:
            if not one.is_dup and self.server.bugs & {"no_lock", "ack_before_commit"}:
                one.is_dup = self.server.is_stored(one)
                if not one.is_dup:
                    self.server.commit(one)
            talk = self.server.talk(one)
            if one.frame.get("refused"):
                code = {"type": "nack", "mid": one.frame["mid"], "code": "not_assignee"}
                one.connection.tell(code)
                continue
            self.announce_rows(talk)
            stored = talk.find(one.frame["mid"])
            if stored is not None and "ack_before_commit" not in self.server.bugs:
                self._acknowledge(one, stored.number(one.connection.role) or 0)

    def announce_rows(self, talk: Conversation) -> None:
        """Everything of a conversation is known here now; the others get a hint."""
        if talk.id in self.rooms:
            self.rooms[talk.id] = talk.seq
            self.pump(talk.id)
        self.server.hint(self, talk)

    def _read_numbers(self, one: Write) -> None:
        talk = self.server.talk(one)
        waiting = sum(other.frame["conversation"] == talk.id for other in self.unannounced)
        one.seq, one.pub_seq = talk.seq + waiting + 1, talk.pub_seq + waiting + 1

    @staticmethod
    def _acknowledge(one: Write, n: int) -> None:
        where = {"conversation": one.frame["conversation"], "mid": one.frame["mid"]}
        one.connection.tell({"type": "ack", "n": n, "dup": one.is_dup, **where})

    # --- Repairs --------------------------------------------------------------------------------------

    def hear(self, conversation: str, seq: int) -> None:
        """A hint of another process."""
        if self.rooms.get(conversation, seq) < seq:
            self.rooms[conversation] = seq
        self.pump(conversation)

    def compare(self) -> None:
        """Compare what is known here with the database."""
        if self.server.bugs & {"no_anti_entropy", "fetch_before_subscribe"}:
            return
        for conversation in self.rooms:
            self.rooms[conversation] = self.server.store.conversations[conversation].seq
            self.pump(conversation)

    def die(self) -> None:
        """Everything that only this process knew is gone."""
        for connection in self.connections:
            connection.is_open = False
        self.__init__(self.server)  # type: ignore[misc]


class Server:
    """Processes over one store; `hints` are on their way: process, conversation, number."""

    def __init__(
        self, store: Store, processes: int, bugs: frozenset[str], clock: Callable[[], float]
    ) -> None:
        self.store = store
        self.bugs = bugs
        self.clock = clock
        self.processes = [Process(self) for _ in range(processes)]
        self.hints: list[tuple[Process, str, int]] = []

    def connect(self, client: str, agent: int | None, own: str | None, process: int) -> Connection:
        """A client has come to one of the processes."""
        home = self.processes[process % len(self.processes)]
        connection = Connection(client, agent, own, home)
        home.connections.append(connection)
        return connection

    def disconnect(self, connection: Connection) -> None:
        """A client has gone."""
        connection.is_open = False
        if connection in connection.process.connections:
            connection.process.connections.remove(connection)

    def talk(self, one: Write) -> Conversation:
        """The conversation that a text is for."""
        return self.store.conversations[one.frame["conversation"]]

    def is_stored(self, one: Write) -> bool:
        """Whether it was stored before."""
        return "no_unique_mid" not in self.bugs and self.talk(one).find(one.frame["mid"]) is not None

    def commit(self, one: Write) -> None:
        """Store a text, or refuse it."""
        talk, agent = self.talk(one), one.connection.agent
        is_note = one.frame.get("visibility") == "internal"
        if agent is not None and not is_note and talk.agent != agent:
            one.frame["refused"] = True
            return
        kind, author = "note" if is_note else "message", one.connection.role
        seq, pub_seq = one.seq or talk.seq + 1, one.pub_seq or talk.pub_seq + 1
        talk.insert(seq, pub_seq, kind, author, one.frame["mid"], one.frame["text"], {})

    def assign(self, talk: Conversation, agent: int | None) -> None:
        """Give a conversation to an agent, or back to the queue (None)."""
        if talk.assignments and "accept_always" not in self.bugs:
            talk.assignments[-1][2] = talk.assignments[-1][2] or self.clock()
        talk.agent, talk.rev = agent, talk.rev + 1
        if agent is None:
            talk.add("state", "system", state="waiting")
        else:
            talk.assignments.append([agent, self.clock(), None])
            talk.add("assigned", "system", agent_id=agent)

    def hint(self, teller: Process, talk: Conversation) -> None:
        """Tell the other processes."""
        self.hints += [(other, talk.id, talk.seq) for other in self.processes if other is not teller]
