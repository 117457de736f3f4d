"""Threads for what must not hold up the event loop, with their database connections in order."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Generic, ParamSpec, TypeVar

from django.db import close_old_connections
from django.utils import translation

P = ParamSpec("P")
T = TypeVar("T")
K = TypeVar("K")
V = TypeVar("V")

MOST_AT_ONCE = 500


class Workers:
    """A few lasting threads; each call gets a connection that works and gives it back."""

    def __init__(self, threads: int) -> None:
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix="chat")

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The function's result, or what it raised."""
        return await asyncio.wrap_future(self._pool.submit(lambda: _tidy(function, *args, **kwargs)))

    def close(self) -> None:
        """Let the threads end when they have done what they were given."""
        self._pool.shutdown(wait=True, cancel_futures=True)


def _tidy(function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
    close_old_connections()
    try:
        return function(*args, **kwargs)
    finally:
        close_old_connections()
        # The thread lives on; the next one must not inherit a language.
        translation.deactivate()


class Batcher(Generic[K, V]):
    """Answers many questions of one kind with one call of `load`, which maps keys to what was found.

    While one call is under way the next questions gather, so a storm costs few queries, and a quiet time no
    delay.
    """

    def __init__(self, workers: Workers, load: Callable[[Sequence[K]], dict[K, V]]) -> None:
        self._workers = workers
        self._load = load
        self._waiting: dict[K, asyncio.Future[V | None]] = {}
        self._task: asyncio.Task[None] | None = None

    async def get(self, key: K) -> V | None:
        """What was found for `key`, read after this call; raises what the load raised."""
        future = self._waiting.get(key)
        if future is None:
            future = self._waiting[key] = asyncio.get_running_loop().create_future()
        if self._task is None:
            self._task = asyncio.create_task(self._drain())
        return await asyncio.shield(future)

    async def _drain(self) -> None:
        while self._waiting:
            keys = list(self._waiting)[:MOST_AT_ONCE]
            batch = {key: self._waiting.pop(key) for key in keys}
            try:
                found = await self._workers.run(self._load, keys)
            except Exception as problem:  # noqa: BLE001 - everybody who asked is told
                _fail(batch.values(), problem)
            else:
                for key, future in batch.items():
                    if not future.done():
                        future.set_result(found.get(key))
        self._task = None


def _fail(futures: Iterable[asyncio.Future[Any]], problem: Exception) -> None:
    for future in futures:
        if not future.done():
            future.set_exception(problem)
            # Whoever asked may have left meanwhile; then nobody fetches it, and that is fine.
            future.exception()
