"""Limits count for each key, in memory or in Redis, and never turn people away because Redis is gone."""

import pytest
from limits.storage import storage_from_string

from helpcenter import rate_limit
from helpcenter.rate_limit import client_address, forgive, parse_rate, seconds_left, seconds_to_wait
from tests.throwaway import redis


@pytest.mark.parametrize(
    "rate, amount, seconds",
    [("5/s", 5, 1), ("6/12h", 6, 43_200), ("30/m", 30, 60), ("200/10s", 200, 10), ("1/d", 1, 86_400)],
)
def test_a_rate_is_an_amount_for_a_time(rate, amount, seconds):
    item = parse_rate(rate)

    assert (item.amount, item.get_expiry()) == (amount, seconds)


@pytest.mark.parametrize("rate", ["", "5", "5/", "/s", "5/w", "fast", "-1/s"])
def test_anything_else_is_no_rate(rate):
    with pytest.raises(ValueError, match="must look like"):
        parse_rate(rate)


def test_the_use_above_the_limit_has_to_wait():
    waits = [seconds_to_wait("test", "somebody", "2/h") for _ in range(3)]

    assert waits[:2] == [0, 0]
    assert 0 < waits[2] <= 3600


def test_keys_and_names_are_counted_apart():
    for name, key in (("test", "a"), ("test", "b"), ("other", "a")):
        assert seconds_to_wait(name, key, "1/h") == 0


@pytest.mark.parametrize(
    "address, expected",
    [
        ("203.0.113.7", "203.0.113.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("", "0.0.0.0"),
        ("nonsense", "unknown"),
    ],
)
def test_neighbours_of_one_network_share_a_ceiling(rf, address, expected):
    assert client_address(rf.get("/", REMOTE_ADDR=address)) == expected


def test_this_process_counts_alone_while_redis_is_away(monkeypatch):
    closed = storage_from_string("redis://127.0.0.1:1/0", wrap_exceptions=True, socket_connect_timeout=1)
    monkeypatch.setattr(rate_limit, "_storage", lambda: closed)

    assert seconds_to_wait("test", "somebody", "1/h") == 0
    assert seconds_to_wait("test", "somebody", "1/h") > 0


def test_uses_that_failed_through_our_fault_are_forgiven_in_every_process(monkeypatch):
    with redis() as url:
        shared = rate_limit._storage_at(url, wrap_exceptions=True)
        monkeypatch.setattr(rate_limit, "_storage", lambda: shared)
        for key in ("a", "b"):
            assert seconds_to_wait("test", key, "1/h") == 0
        forgive("test", "a", "1/h")

        assert seconds_left("test", "a", "1/h") == 0
        assert seconds_left("test", "b", "1/h") > 0


def test_forgiving_does_no_harm_while_redis_is_away(monkeypatch):
    closed = storage_from_string("redis://127.0.0.1:1/0", wrap_exceptions=True, socket_connect_timeout=1)
    monkeypatch.setattr(rate_limit, "_storage", lambda: closed)
    seconds_to_wait("test", "somebody", "1/h")

    forgive("test", "somebody", "1/h")

    assert seconds_to_wait("test", "somebody", "1/h") == 0
