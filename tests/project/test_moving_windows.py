"""Uses are counted in the time before now, and nothing is remembered for longer."""

import time_machine

from helpcenter import moving_windows
from helpcenter.moving_windows import SWEEP_SECONDS, MovingWindows


def test_a_use_counts_until_its_time_is_over():
    windows = MovingWindows()
    with time_machine.travel(1_000, tick=False) as clock:
        waits = [windows.use("a", 2, 10)]
        clock.shift(4)
        waits += [windows.use("a", 2, 10) for _ in range(2)]
        clock.shift(6)
        waits += [windows.use("a", 2, 10) for _ in range(2)]

    assert waits == [0, 0, 6, 0, 4]


def test_what_is_refused_does_not_count():
    windows = MovingWindows()
    with time_machine.travel(1_000, tick=False) as clock:
        for _ in range(100):
            windows.use("a", 1, 10)
        clock.shift(10)

        assert windows.use("a", 1, 10) == 0


def test_nothing_is_allowed_when_the_amount_is_zero():
    assert MovingWindows().use("a", 0, 10) == 10


def test_keys_are_counted_apart():
    windows = MovingWindows()

    assert [windows.use(key, 1, 10) for key in ("a", "b", ("a", "b"))] == [0, 0, 0]


def test_keys_that_nobody_uses_are_forgotten():
    windows = MovingWindows()
    with time_machine.travel(1_000, tick=False) as clock:
        for number in range(100):
            windows.use(number, 1, 10)
        windows.use("long", 1, 1_000)
        clock.shift(SWEEP_SECONDS + 1)
        windows.use("new", 1, 10)

        assert len(windows) == 2
        assert windows.use("long", 1, 1_000) > 0


def test_made_up_keys_push_out_the_oldest_only(monkeypatch):
    monkeypatch.setattr(moving_windows, "MAX_KEYS", 3)
    windows = MovingWindows()
    for key in "abcd":
        windows.use(key, 1, 10)

    assert len(windows) == 3
    assert windows.use("d", 1, 10) > 0
    assert windows.use("a", 1, 10) == 0


def test_everything_is_forgotten_on_request():
    windows = MovingWindows()
    windows.use("a", 1, 10)
    windows.clear()

    assert windows.use("a", 1, 10) == 0
