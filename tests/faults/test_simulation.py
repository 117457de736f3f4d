"""Hypothesis looks for a course of events after which two sides disagree, and shortens what it finds."""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from tests.faults.simulation.world import World, fingerprint

pytestmark = pytest.mark.once

places = st.integers(0, 7)
answers = st.booleans()


class Conversations(RuleBasedStateMachine):
    """Each rule is one step of the world; at the end everything is healed and held against every promise."""

    def __init__(self):
        super().__init__()
        self.world = World(window=2)

    @initialize(processes=st.tuples(places, places, places, places))
    def everybody_connects(self, processes):
        for client, process in enumerate(processes):
            self.world.connect(client, process)

    @rule(client=places, place=places, internal=answers)
    def say(self, client, place, internal):
        self.world.say(client, place, internal)

    @rule(client=places, place=places)
    def accept(self, client, place):
        self.world.accept(client, place)

    @rule(place=places, process=places)
    def give_back(self, place, process):
        self.world.give_back(place, process)

    @rule(client=places, process=places)
    def connect(self, client, process):
        self.world.connect(client, process)

    @rule(client=places)
    def disconnect(self, client):
        self.world.disconnect(client)

    @rule(client=places, deaf=answers)
    def half_open(self, client, deaf):
        self.world.half_open(client, deaf)

    @rule(client=places, twice=answers)
    def deliver_up(self, client, twice):
        self.world.deliver_up(client, twice)

    @rule(client=places, place=places, twice=answers)
    def deliver_down(self, client, place, twice):
        self.world.deliver_down(client, place, twice)

    @rule(process=places)
    def write(self, process):
        self.world.write(process)

    @rule(process=places)
    def announce(self, process):
        self.world.announce(process)

    @precondition(lambda self: self.world.server.hints)
    @rule(place=places, lost=answers, twice=answers)
    def hint(self, place, lost, twice):
        self.world.hint(place, lost, twice)

    @rule()
    def flush(self):
        self.world.flush()

    @rule(process=places)
    def kill(self, process):
        self.world.kill(process)

    @rule(process=places)
    def compare(self, process):
        self.world.compare(process)

    @rule(seconds=st.sampled_from([0.1, 1.0, 25.0]))
    def wait(self, seconds):
        self.world.wait(seconds)

    @rule(client=places, seconds=st.sampled_from([-86400.0, 0.0, 86400.0]))
    def set_clock(self, client, seconds):
        self.world.set_clock(client, seconds)

    def teardown(self):
        assert list(map(str, self.world.judge())) == []


TestConversations = Conversations.TestCase
TestConversations.settings = settings(
    max_examples=60, stateful_step_count=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)


def test_the_same_choices_give_the_same_history():
    def play():
        world = World(seed=5)
        for number in range(4):
            world.connect(number, number)
            world.say(number)
            world.deliver_up(number)
        world.judge()
        return fingerprint(world)

    assert play() == play()
