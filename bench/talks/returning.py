"""The load that loses its server and comes back, a process of its own: `python -m bench.talks.returning`.

It kills the server itself, in the middle of talking; whoever started the server starts it again.
"""

from __future__ import annotations

import heapq
import os
import random
import signal
import time

from bench.load import CannotMeasure
from bench.talks.clients import Person, Visitor
from bench.talks.scene import Plan, Scene, perform

RATE, TALK_SECONDS = 300, 4
PATIENCE_SECONDS = 90
# What the contract asks clients to wait before they connect again.
FIRST_SECONDS, MOST_SECONDS, GROWTH = 3.0, 30.0, 1.6


def come_back(plan: Plan) -> Plan:
    """Talk, kill, wait until everybody is back and nothing is missing."""
    scene = Scene(plan)
    scene.connect_all([*scene.desks, *scene.visitors])
    _talk(scene)
    returning = Returning(scene)
    os.kill(plan["pids"][0], signal.SIGKILL)
    returning.began = time.perf_counter()
    while not returning.are_all_back():
        returning.turn()
        if time.perf_counter() - returning.began > PATIENCE_SECONDS:
            missing = sum(not returning.is_back(person) for person in returning.people)
            raise CannotMeasure(f"{missing} sockets are not back after {PATIENCE_SECONDS} s.")
    return scene.verdict() | {
        "seconds_back": time.perf_counter() - returning.began,
        "first_seconds": returning.first - returning.began,
        "unanswered": returning.unanswered,
        "doubles": scene.tally.doubles,
    }


def _talk(scene: Scene) -> None:
    began, sent = time.perf_counter(), 0
    while (passed := time.perf_counter() - began) < TALK_SECONDS:
        while sent < passed * RATE:
            visitor = scene.visitors[sent % len(scene.visitors)]
            if visitor.talk.is_done:
                visitor.write()
            sent += 1
        scene.driver.turn(sent / RATE - passed)
    # Many are on their way when the end comes.
    for visitor in scene.visitors[::4]:
        if visitor.talk.is_done:
            visitor.write()


class Returning:
    """Everybody on their way back; `first` is when the first one was welcome."""

    def __init__(self, scene: Scene) -> None:
        self._scene = scene
        self.people: list[Person] = [*scene.desks, *scene.visitors]
        self._tries = dict.fromkeys(self.people, 0)
        self._due: list[tuple[float, int]] = []
        self._numbers = {person: number for number, person in enumerate(self.people)}
        self.began = self.first = 0.0
        self.unanswered = sum(talk.sent - talk.acked for talk in scene.talks)
        for person in self.people:
            person.on_closed, person.on_welcome = self._closed, self._welcomed

    def turn(self) -> None:
        """Connect whose time has come, and read."""
        now = time.perf_counter()
        while self._due and self._due[0][0] <= now:
            self._scene.connect(self.people[heapq.heappop(self._due)[1]])
        self._scene.driver.turn(0.02)

    def is_back(self, person: Person) -> bool:
        """Whether somebody is welcome and has all they missed."""
        expected = 1 if isinstance(person, Visitor) else len(person.talks)
        return person.is_welcome and person.caught_up >= expected

    def are_all_back(self) -> bool:
        """Everybody, and every text that was under way is on disk and seen."""
        return (
            self.first > 0
            and all(map(self.is_back, self.people))
            and all(talk.is_done for talk in self._scene.talks)
        )

    def _closed(self, person: Person, _code: int) -> None:
        tries = self._tries[person]
        self._tries[person] += 1
        most = min(MOST_SECONDS, GROWTH**tries) if tries else FIRST_SECONDS
        when = time.perf_counter() + random.uniform(0, most)
        heapq.heappush(self._due, (when, self._numbers[person]))

    def _welcomed(self, person: Person) -> None:
        self.first = self.first or time.perf_counter()
        if isinstance(person, Visitor) and person.talk.acked < person.talk.sent:
            person.send(person.talk.frame_of(person.talk.sent))


if __name__ == "__main__":
    raise SystemExit(perform(come_back))
