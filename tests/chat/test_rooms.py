"""What a process remembers of a conversation."""

import json
from datetime import UTC, datetime

from chat.core.events import Record
from chat.core.terms import Audience
from chat.delivery.rooms import KEPT, Room, Subscription, Tail

AT = datetime(2026, 1, 31, tzinfo=UTC)


def record(seq, pub_seq=None, kind="message", **values):
    return Record(1, seq, pub_seq, kind, "visitor", 0, "", "text", None, AT, **values)


class Listener:
    def wake(self, subscription):
        """Nothing to do."""

    def tell(self, frame):
        """Nothing to do."""


def frames(room, audience, after=0):
    found = Subscription(room, Listener(), audience, after).in_memory(100)
    return None if found is None else [json.loads(frame)["event"]["n"] for frame in found]


def test_each_side_counts_in_its_own_numbers():
    room = Room(1, "c")

    room.take([record(1, 1), record(2, None, "note"), record(3, 2)])

    assert frames(room, Audience.VISITOR) == [1, 2]
    assert frames(room, Audience.AGENT) == [1, 2, 3]


def test_an_event_that_is_known_is_not_kept_twice():
    room = Room(1, "c")
    room.take([record(1, 1), record(2, 2)])

    assert room.take([record(1, 1), record(2, 2), record(3, 3)])
    assert frames(room, Audience.AGENT) == [1, 2, 3]


def test_nothing_is_kept_after_a_hole():
    room = Room(1, "c")
    room.take([record(1, 1)])

    assert not room.take([record(3, 3), record(4, 4)])
    assert (room.seq, room.pub_seq) == (1, 1)


def test_old_frames_are_forgotten():
    room = Room(1, "c")

    room.take(record(seq, seq) for seq in range(1, 2 * KEPT + 2))

    assert frames(room, Audience.AGENT) is None
    assert frames(room, Audience.AGENT, after=KEPT) == list(range(KEPT + 1, 2 * KEPT + 2))


def test_what_was_taken_back_is_not_served_from_memory():
    room = Room(1, "c")
    room.take([record(1, 1)])

    room.take([record(2, 2, "redacted", data={"target": 1, "target_pub": 1})])

    assert frames(room, Audience.VISITOR) is None
    assert frames(room, Audience.VISITOR, after=1) == [2]


def test_a_redaction_names_its_target_in_the_readers_numbers():
    room = Room(1, "c")
    room.take(
        [record(1, None, "note"), record(2, 1), record(3, 2, "redacted", data={"target": 2, "target_pub": 1})]
    )

    visitor = json.loads(Subscription(room, Listener(), Audience.VISITOR, 1).in_memory(1)[0])
    agent = json.loads(Subscription(room, Listener(), Audience.AGENT, 2).in_memory(1)[0])

    assert visitor["event"]["data"] == {"target": 1}
    assert agent["event"]["data"] == {"target": 2}


def test_a_new_assignment_is_noticed():
    room = Room(1, "c")

    room.take([record(1, 1, "assigned", data={"rev": 7})])

    assert room.rev == 7


def test_cursors_are_told_in_the_other_sides_numbers():
    room = Room(1, "c")
    room.take([record(1, 1), record(2, None, "note"), record(3, 2)])

    assert room.translated(Audience.AGENT, 2) == 3
    assert room.translated(Audience.VISITOR, 2) == 1
    assert room.translated(Audience.VISITOR, 3) == 2
    assert room.translated(Audience.AGENT, 9) is None


def test_a_tail_starts_anew_after_a_hole():
    tail = Tail(0)
    tail.append(1, "a")

    tail.append(5, "e")

    assert tail.after(4, 9) == ["e"]
    assert tail.after(1, 9) is None
