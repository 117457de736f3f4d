"""Clients, a server model and a network that loses, doubles and reorders; every step is somebody's choice. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from uuid import UUID

from tests.faults.checker import check
from tests.faults.history import digest
from tests.faults.invariants.violation import Violation
from tests.faults.recorder import Recorder
from tests.faults.simulation.server import Connection, Server
from tests.faults.simulation.store import Store
from tests.protocol_client.actions import Acked, Action, Close, Done, Frame, Refused, Shown, Transmit, Unknown
from tests.protocol_client.machine import Machine

PROCESSES = 2
CONVERSATIONS = 2
AGENTS = 2
STEP_SECONDS = 0.5
MOST_ROUNDS = 400
INSTANT = 1e-6


@dataclass
class Client:
    """A machine and its connection, if it has one; `skew` is what its clock is wrong by, in seconds."""

    name: str
    machine: Machine
    agent: int | None
    own: str | None
    connection: Connection | None = None
    skew: float = 0.0


class World:
    """Visitors in a conversation each and agents in all of them."""

    def __init__(self, bugs: frozenset[str] = frozenset(), *, window: int = 1, seed: int = 0) -> None:
        self.now = 0.0
        self.chance = Random(seed)
        self.recorder = Recorder(clock=self._instant)
        self.server = Server(Store(CONVERSATIONS), PROCESSES, bugs, self._instant)
        self.clients: list[Client] = []
        for number, conversation in enumerate(self.server.store.conversations):
            machine = Machine(token="t", conversation=conversation, window=window, chance=self.chance)
            self.clients.append(Client(f"visitor{number}", machine, None, conversation))
        for number in range(1, AGENTS + 1):
            self.clients.append(
                Client(f"agent{number}", Machine(window=window, chance=self.chance), number, None)
            )
        self.texts = 0

    # --- Steps; an argument that is too large counts from the start again ------------------------------

    def say(self, client: int, place: int = 0, internal: bool = False) -> None:
        """Somebody writes something where they may."""
        who = self._client(client)
        held = [one for one in who.machine.streams.values() if who.agent is None or one.rev is not None]
        if not held:
            return
        conversation = held[place % len(held)].conversation
        self.texts += 1
        mid = str(UUID(int=self.texts, version=4))
        note = internal and who.agent is not None
        extra = {"internal": True} if note else {}
        self.recorder.invoke(who.name, conversation, mid, f"text {self.texts}", **extra)
        said = who.machine.say(mid, f"text {self.texts}", self.now, conversation=conversation, internal=note)
        self._perform(who, said)

    def accept(self, client: int, place: int) -> None:
        """An agent takes a conversation."""
        who = self._client(client)
        if who.agent is not None:
            names = list(self.server.store.conversations)
            self._perform(who, who.machine.do("accept", names[place % len(names)]))

    def give_back(self, place: int, process: int) -> None:
        """A conversation goes back to the queue."""
        talks = list(self.server.store.conversations.values())
        talk = talks[place % len(talks)]
        if talk.agent is not None:
            self.server.assign(talk, None)
            self.server.processes[process % PROCESSES].announce_rows(talk)

    def connect(self, client: int, process: int) -> None:
        """A client that is offline connects."""
        who = self._client(client)
        if who.connection is None:
            who.connection = self.server.connect(who.name, who.agent, who.own, process)
            self._perform(who, who.machine.connected(self.now))

    def disconnect(self, client: int) -> None:
        """A connection breaks; what was on its way is gone."""
        who = self._client(client)
        if who.connection is not None:
            self.server.disconnect(who.connection)
            who.connection = None
            self._perform(who, who.machine.disconnected(self.now))

    def half_open(self, client: int, deaf: bool) -> None:
        """From now on one direction of a connection swallows everything."""
        connection = self._client(client).connection
        if connection is not None:
            # What is silent stays silent until the connection ends.
            connection.is_deaf, connection.is_mute = (
                connection.is_deaf or deaf,
                connection.is_mute or not deaf,
            )

    def deliver_up(self, client: int, twice: bool = False) -> None:
        """The oldest frame of a client arrives, perhaps twice."""
        connection = self._client(client).connection
        if connection is not None and connection.up:
            frame = connection.up.pop(0)
            for _ in range(2 if twice and frame["type"] == "send" else 1):
                connection.process.take(connection, dict(frame))

    def deliver_down(self, client: int, place: int = 0, twice: bool = False) -> None:
        """A frame for a client arrives; events may overtake events, and may come twice."""
        who = self._client(client)
        connection = who.connection
        if connection is None or not connection.down:
            return
        events = 0
        while events < len(connection.down) and connection.down[events]["type"] == "event":
            events += 1
        frame = connection.down.pop(place % events if events else 0)
        for _ in range(2 if twice and frame["type"] == "event" else 1):
            self._perform(who, who.machine.received(frame, self.now))

    def write(self, process: int) -> None:
        """A process commits."""
        self.server.processes[process % PROCESSES].write()

    def announce(self, process: int) -> None:
        """A process tells what it has committed."""
        self.server.processes[process % PROCESSES].announce()

    def finish_joining(self, process: int) -> None:
        """A process ends what it had begun."""
        self.server.processes[process % PROCESSES].finish_joining()

    def hint(self, place: int, lost: bool = False, twice: bool = False) -> None:
        """A hint arrives, or doesn't."""
        if self.server.hints:
            index = place % len(self.server.hints)
            process, conversation, seq = self.server.hints[index]
            if not twice:
                self.server.hints.pop(index)
            if not lost:
                process.hear(conversation, seq)

    def flush(self) -> None:
        """Every hint that is on its way is lost."""
        self.server.hints.clear()

    def kill(self, process: int) -> None:
        """A process dies."""
        victim = self.server.processes[process % PROCESSES]
        victim.die()
        self.server.hints = [hint for hint in self.server.hints if hint[0] is not victim]
        self._notice_broken()

    def compare(self, process: int) -> None:
        """A process compares what it knows with the database."""
        self.server.processes[process % PROCESSES].compare()

    def set_clock(self, client: int, seconds: float) -> None:
        """Somebody's clock is put forward or back."""
        self._client(client).skew = seconds

    def wait(self, seconds: float = STEP_SECONDS) -> None:
        """Time passes."""
        self.now += seconds
        for who in self.clients:
            if who.connection is not None:
                self._perform(who, who.machine.tick(self.now))

    # --- The end --------------------------------------------------------------------------------------

    def heal(self) -> None:
        """Let everything arrive until nobody has anything left to say; connections that live stay as they are."""
        for round_ in range(MOST_ROUNDS):
            for number, who in enumerate(self.clients):
                self.connect(number, round_)
                while who.connection is not None and who.connection.up:
                    self.deliver_up(number)
            for process in range(PROCESSES):
                self.write(process)
                self.announce(process)
                self.finish_joining(process)
            while self.server.hints:
                self.hint(0)
            for process in range(PROCESSES):
                self.compare(process)
            for number, who in enumerate(self.clients):
                while who.connection is not None and who.connection.down:
                    self.deliver_down(number)
            self.wait()
            # Two beats and a half, so that dead connections are found.
            if round_ * STEP_SECONDS > 70 and not any(one.machine.outbox for one in self.clients):
                break

    def judge(self) -> list[Violation]:
        """Heal, then hold what happened against every promise."""
        self.heal()
        for who in self.clients:
            for conversation in who.machine.streams:
                self._show(who, conversation, "final")
            if not who.machine.outbox:
                self.recorder.note("settled", who.name)
        return check(self.recorder.history(), self.server.store.dump())

    # --- Inside ---------------------------------------------------------------------------------------

    def _client(self, number: int) -> Client:
        return self.clients[number % len(self.clients)]

    def _instant(self) -> float:
        self.now += INSTANT
        return self.now

    def _notice_broken(self) -> None:
        for number, who in enumerate(self.clients):
            if who.connection is not None and not who.connection.is_open:
                self.disconnect(number)

    def _perform(self, who: Client, actions: list[Action]) -> None:
        for action in actions:
            match action:
                case Transmit(frame):
                    self._transmit(who, frame)
                case Close():
                    self.disconnect(self.clients.index(who))
                case Acked(conversation, mid, n, _dup):
                    values = {"conversation": conversation, "mid": mid, "n": n, "role": self._role(who)}
                    self.recorder.note("ok", who.name, **values)
                case Refused(conversation, mid, code):
                    self.recorder.note("nack", who.name, conversation=conversation, mid=mid, code=code)
                case Unknown(conversation, mid):
                    self.recorder.note("unknown", who.name, conversation=conversation, mid=mid)
                case Shown(conversation):
                    self._show(who, conversation, "shown")
                case Done("accept", conversation, None, rev):
                    self.recorder.note("accepted", who.name, conversation=conversation, rev=rev)

    def _transmit(self, who: Client, frame: Frame) -> None:
        if who.connection is not None and not who.connection.is_mute:
            who.connection.up.append(frame | {"at": self.now + who.skew})

    def _show(self, who: Client, conversation: str, op: str) -> None:
        events = who.machine.streams[conversation].events
        self.recorder.shown(who.name, self._role(who), conversation, events, op=op, agent=who.agent)

    @staticmethod
    def _role(who: Client) -> str:
        return "visitor" if who.agent is None else "agent"


def fingerprint(world: World) -> str:
    """The whole history of a world in few characters: the same choices give the same one."""
    return digest(repr(world.recorder.records))
