"""One writer a process: many texts, one commit, and only then the acknowledgements.

While a commit is under way the next texts gather, so the batch is as large as the disk is slow. What was
acknowledged is on disk; what was not may be sent again under its `mid`.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import InterfaceError, OperationalError, connection

from chat.core.crash import crash_point
from chat.core.terms import Nack
from chat.services.append import AppendRefused, Draft, Outcome, append_all

logger = logging.getLogger(__name__)
MOST_AT_ONCE = 256
MOST_WAITING = 5000

Answer = Callable[[Outcome], None]
Deliver = Callable[[Sequence["Job"], Sequence[Outcome]], None]


@dataclass(slots=True)
class Job:
    """A text on its way to the disk, and who wants to know what became of it (called in the event loop)."""

    draft: Draft
    answer: Answer


class Writer:
    """Commits texts in batches on a thread of its own.

    `deliver` is called in the event loop with each batch and its outcomes, after the answers.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, deliver: Deliver) -> None:
        self._loop = loop
        self._deliver = deliver
        self._queue: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="chat-writer", daemon=True)
        self._thread.start()

    def submit(self, draft: Draft, answer: Answer) -> None:
        """Have a text written; `answer` gets its outcome, `UNAVAILABLE` at once when too many wait."""
        if self._queue.qsize() >= MOST_WAITING:
            answer(AppendRefused(Nack.UNAVAILABLE))
            return
        self._queue.put(Job(draft, answer))

    def close(self) -> None:
        """Write what was submitted, then end; blocks until it is done."""
        self._queue.put(None)
        self._thread.join()

    def _run(self) -> None:
        is_open = True
        while is_open:
            jobs, is_open = self._gather()
            if jobs:
                outcomes = _write([job.draft for job in jobs])
                crash_point("before_ack")
                self._loop.call_soon_threadsafe(self._finish, jobs, outcomes)
        connection.close()

    def _gather(self) -> tuple[list[Job], bool]:
        """The texts that wait, at least one; False at the end."""
        jobs: list[Job] = []
        job = self._queue.get()
        while job is not None:
            jobs.append(job)
            if len(jobs) >= MOST_AT_ONCE:
                return jobs, True
            try:
                job = self._queue.get_nowait()
            except queue.Empty:
                return jobs, True
        return jobs, False

    def _finish(self, jobs: Sequence[Job], outcomes: Sequence[Outcome]) -> None:
        for job, outcome in zip(jobs, outcomes, strict=True):
            job.answer(outcome)
        self._deliver(jobs, outcomes)


def _write(drafts: Sequence[Draft]) -> Sequence[Outcome]:
    try:
        outcomes = append_all(drafts)
    except (OperationalError, InterfaceError):
        logger.warning("The database is out of reach; %d texts were not stored", len(drafts), exc_info=True)
        connection.close()
        return [AppendRefused(Nack.UNAVAILABLE)] * len(drafts)
    except Exception:
        logger.exception("A batch of %d texts failed; each is tried alone", len(drafts))
        return [_write_one(draft) for draft in drafts]
    crash_point("after_commit")
    return outcomes


def _write_one(draft: Draft) -> Outcome:
    """One text of a batch that failed as a whole: the others must not suffer from it."""
    try:
        return append_all([draft])[0]
    except Exception:
        logger.exception("A text can't be stored")
        connection.close()
        return AppendRefused(Nack.UNAVAILABLE)
