"""A support team in a nutshell: agents and conversations that only the pure decisions move, with a clock of its own."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from chat.core.lifecycle import Due, Facts, Reaction, check, due, on_visitor_message
from chat.core.presence import Timings, has_gone, is_present, next_misses
from chat.core.routing import Desk, Waiting, choose
from chat.core.terms import State, Status

START = datetime(2026, 3, 2, 12, tzinfo=UTC)
LIVE = (State.WAITING, State.OFFERED, State.ACTIVE)


@dataclass
class Person:
    """Somebody who answers; `beats` while a desk is open and its network works."""

    id: int
    topics: frozenset[str]
    languages: frozenset[str]
    capacity: int
    status: Status = Status.ONLINE
    beats: bool = True
    lease: datetime = START
    misses: int = 0
    idle_since: datetime = START


@dataclass
class Talk:
    """A conversation; `let_go` are those who declined or missed it."""

    id: int
    topic: str
    language: str
    urgent: bool
    queue_at: datetime
    changed_at: datetime
    state: State = State.WAITING
    agent: int | None = None
    offered_to: int | None = None
    offer_expires: datetime | None = None
    wanted: int | None = None
    let_go: set[int] = field(default_factory=set)
    agent_wrote: datetime | None = None
    visitor_wrote: datetime | None = None
    warned: datetime | None = None
    closed_at: datetime | None = None
    answered: bool = False


class World:
    """Everybody and everything at one moment."""

    def __init__(self) -> None:
        self.now, self.timings = START, Timings()
        self.people: dict[int, Person] = {}
        self.talks: dict[int, Talk] = {}
        self.nobody_since: dict[tuple[str, str], datetime] = {}

    # --- What people do

    def arrive(self, topic: str, language: str, *, urgent: bool) -> None:
        key = len(self.talks) + 1
        self.talks[key] = Talk(key, topic, language, urgent, self.now, self.now, visitor_wrote=self.now)
        self.route()

    def join(self, topics: frozenset[str], languages: frozenset[str], capacity: int) -> Person:
        key = len(self.people) + 1
        self.people[key] = Person(key, topics, languages, capacity, lease=self.now + self.timings.lease)
        self.route()
        return self.people[key]

    def set_status(self, person: Person, status: Status) -> None:
        person.status, person.misses = status, 0
        self.withdraw_from_absent()
        self.route()

    def take(self, talk: Talk, person: Person) -> None:
        self.move(talk, State.ACTIVE)
        talk.agent, talk.wanted, talk.answered = person.id, None, True
        talk.agent_wrote = talk.warned = None
        person.misses, person.idle_since = 0, self.now

    def decline(self, talk: Talk) -> None:
        self.people[talk.offered_to].misses = 0
        self.give_back(talk)
        self.route()

    def transfer(self, talk: Talk, *, wanted: int | None = None, topic: str | None = None) -> None:
        self.requeue(talk)
        talk.wanted, talk.topic = wanted, talk.topic if topic is None else topic
        self.route()

    def write(self, talk: Talk) -> Reaction:
        """The visitor writes."""
        reaction = on_visitor_message(talk.state, talk.closed_at, self.now)
        if reaction == Reaction.REFUSE:
            return reaction
        if reaction == Reaction.REOPEN:
            self.requeue(talk)
            talk.queue_at, talk.closed_at = self.now, None
        talk.visitor_wrote = talk.changed_at = self.now
        self.route()
        return reaction

    def close(self, talk: Talk) -> None:
        self.move(talk, State.CLOSED)
        talk.closed_at = self.now
        self.route()

    def leave(self, talk: Talk) -> None:
        """The visitor would rather not wait."""
        self.move(talk, State.MESSAGE)
        self.route()

    # --- What time does

    def pass_time(self, seconds: int) -> None:
        """Let time go by in steps of a few seconds; who has an open desk prolongs their lease."""
        for step in [5] * (seconds // 5):
            self.now += timedelta(seconds=step)
            for person in self.people.values():
                if person.beats:
                    person.lease = self.now + self.timings.lease
            self.tick()

    def tick(self) -> None:
        self.look_who_is_there()
        for talk in self.talks.values():
            for what in due(self.facts(talk), self.now, self.timings):
                self.happen(talk, what)
        # Also from those who have just been set away.
        self.withdraw_from_absent()
        self.route()

    def happen(self, talk: Talk, what: Due) -> None:
        if what == Due.OFFER_EXPIRED:
            person = self.people[talk.offered_to]
            person.misses, goes_away = next_misses(person.misses)
            self.give_back(talk)
            if goes_away:
                person.status = Status.AWAY
        elif what == Due.AGENT_GONE:
            self.requeue(talk)
        elif what == Due.NOBODY_ON_DUTY:
            self.move(talk, State.MESSAGE)
        elif what == Due.IDLE_WARNING:
            talk.warned = talk.changed_at = self.now
        elif what == Due.IDLE_CLOSE:
            self.close(talk)

    def look_who_is_there(self) -> None:
        groups = {(talk.topic, talk.language) for talk in self.talks.values() if talk.state in LIVE}
        alone = {group for group in groups if not any(self.can_serve(one, *group) for one in self.present())}
        self.nobody_since = {group: self.nobody_since.get(group, self.now) for group in alone}

    def withdraw_from_absent(self) -> None:
        there = {person.id for person in self.present()}
        for talk in self.talks.values():
            if talk.state == State.OFFERED and talk.offered_to not in there:
                self.give_back(talk)

    # --- How it is done

    def route(self) -> None:
        people = self.people.values()
        desks = [
            Desk(
                one.id,
                one.topics,
                one.languages,
                one.capacity,
                self.load(one),
                one.idle_since,
                self.is_here(one),
            )
            for one in people
        ]
        for key, agent in choose([self.as_waiting(talk) for talk in self.in_state(State.WAITING)], desks):
            talk = self.talks[key]
            self.move(talk, State.OFFERED)
            talk.offered_to, talk.offer_expires = agent, self.now + self.timings.offer

    def move(self, talk: Talk, state: State) -> None:
        check(talk.state, state)
        talk.state, talk.changed_at = state, self.now
        talk.agent = talk.offered_to = talk.offer_expires = None

    def give_back(self, talk: Talk) -> None:
        talk.let_go.add(talk.offered_to)
        self.move(talk, State.WAITING)
        talk.wanted = None

    def requeue(self, talk: Talk) -> None:
        self.move(talk, State.WAITING)
        talk.agent_wrote = talk.warned = None

    # --- How it is

    def in_state(self, *states: State) -> list[Talk]:
        return [talk for talk in self.talks.values() if talk.state in states]

    def load(self, person: Person) -> int:
        return sum(person.id in (talk.agent, talk.offered_to) for talk in self.in_state(*LIVE))

    def is_here(self, person: Person) -> bool:
        return is_present(person.status, person.lease, self.now)

    def present(self) -> list[Person]:
        return [person for person in self.people.values() if self.is_here(person)]

    def has_gone(self, person: Person) -> bool:
        return has_gone(person.lease, self.now, self.timings.requeue_after)

    @staticmethod
    def can_serve(person: Person, topic: str, language: str) -> bool:
        knows = not topic or not person.topics or topic in person.topics
        return knows and (not person.languages or language in person.languages)

    @staticmethod
    def as_waiting(talk: Talk) -> Waiting:
        declined = frozenset(talk.let_go)
        return Waiting(talk.id, talk.topic, talk.language, talk.queue_at, talk.urgent, declined, talk.wanted)

    def facts(self, talk: Talk) -> Facts:
        return Facts(
            talk.state,
            talk.queue_at,
            talk.changed_at,
            offer_expires=talk.offer_expires,
            nobody_since=self.nobody_since.get((talk.topic, talk.language)),
            lease_expires=self.people[talk.agent].lease if talk.agent else None,
            agent_wrote_at=talk.agent_wrote,
            visitor_wrote_at=talk.visitor_wrote,
            warned_at=talk.warned,
        )
