"""Hints between processes over a Redis of their own: they arrive, and its absence only makes them late."""

import asyncio

import pytest

from chat.delivery.hints import RedisHints
from tests.throwaway import free_port, redis


@pytest.fixture(scope="module")
def redis_url():
    with redis() as url:
        yield url


class Process:
    """One end: what it heard, and how often hints may have been missed."""

    def __init__(self, url):
        self.heard = []
        self.missed = 0
        self.hints = RedisHints(url, lambda key, hint: self.heard.append((key, hint)), self._lost)

    def _lost(self):
        self.missed += 1

    async def hears(self, count):
        """Wait until that many hints have come."""
        async with asyncio.timeout(10):
            while len(self.heard) < count:
                await asyncio.sleep(0.01)
        return self.heard


def between(url, talk):
    """Run `talk` with two processes that hear each other."""

    async def walk():
        one, other = Process(url), Process(url)
        await asyncio.gather(one.hints.ready(), other.hints.ready())
        try:
            return await talk(one, other)
        finally:
            await asyncio.gather(one.hints.close(), other.hints.close())

    return asyncio.run(walk())


def test_other_processes_hear_a_hint_and_the_teller_does_not(redis_url):
    async def talk(one, other):
        one.hints.publish(7, {"n": 3})
        one.hints.publish(None, {"a": [1], "q": 1})
        await other.hears(2)
        return one.heard, other.heard

    assert between(redis_url, talk) == ([], [(7, {"n": 3}), (None, {"a": [1], "q": 1})])


def test_every_hint_arrives_in_order_when_there_are_more_than_a_message_takes(redis_url):
    async def talk(one, other):
        for number in range(1200):
            one.hints.publish(number, {"n": number})
        return await other.hears(1200)

    assert between(redis_url, talk) == [(number, {"n": number}) for number in range(1200)]


def test_whoever_begins_to_listen_compares_once(redis_url):
    async def talk(one, other):
        return one.missed, other.missed

    assert between(redis_url, talk) == (1, 1)


def test_joining_goes_on_when_there_is_no_redis():
    async def walk():
        process = Process(f"redis://127.0.0.1:{free_port()}/0")
        await process.hints.ready()
        process.hints.publish(7, {"n": 3})
        await process.hints.close()
        return process.heard, process.missed

    assert asyncio.run(walk()) == ([], 0)
