"""One writer a process: many texts, one commit, and only then the acknowledgements.

While a commit is under way the next texts gather, so the batch is as large as the disk is slow. What was
acknowledged is on disk; what was not may be sent again under its `mid`.
"""

from __future__ import annotations

import asyncio
import logging
import queue
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import InterfaceError, OperationalError, connection

from chat.core.crash import crash_point
from chat.core.terms import Nack
from chat.services.append import AppendRefused, Draft, Outcome, append_all

logger = logging.getLogger(__name__)
MOST_AT_ONCE = 256
MOST_WAITING = 5000
# A text that nobody sends again holds up its author no longer than this.
BEHIND_SECONDS = 30.0
Key = tuple[int, str, int]

Answer = Callable[[Outcome], None]
Deliver = Callable[[Sequence["Job"], Sequence[Outcome]], None]


@dataclass(slots=True)
class Job:
    """A text on its way to the disk, and who wants to know what became of it (called in the event loop)."""

    draft: Draft
    answer: Answer


class Behind:
    """Authors whose texts could not be written: what they sent after those waits until the first is sent again.

    So a person's texts keep their order although the database came back between them. Used by one thread.
    """

    def __init__(self) -> None:
        self._first: dict[Key, tuple[str, float]] = {}

    def __bool__(self) -> bool:
        return bool(self._first)

    def holds_up(self, draft: Draft, now: float) -> bool:
        """Whether an earlier text of this author in this conversation has to come first."""
        mid, until = self._first.get(_key(draft), ("", now))
        if draft.mid == mid or until <= now:
            self._first.pop(_key(draft), None)
            return False
        return True

    def note(self, drafts: Sequence[Draft], outcomes: Sequence[Outcome], now: float) -> None:
        """Remember the first text of each author that could not be written."""
        for draft, outcome in zip(drafts, outcomes, strict=True):
            if isinstance(outcome, AppendRefused) and outcome.code == Nack.UNAVAILABLE and draft.mid:
                self._first.setdefault(_key(draft), (draft.mid, now + BEHIND_SECONDS))


def _key(draft: Draft) -> Key:
    return draft.conversation, draft.author.kind, draft.author.id


class Writer:
    """Commits texts in batches on a thread of its own.

    `deliver` is called in the event loop with each batch and its outcomes, after the answers.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop, deliver: Deliver) -> None:
        self._loop = loop
        self._deliver = deliver
        # What was submitted in this turn of the event loop; waking the thread once a turn is enough.
        self._fresh: list[Job] = []
        self._queue: queue.SimpleQueue[list[Job] | None] = queue.SimpleQueue()
        self._waiting = 0
        self._behind = Behind()
        self._thread = threading.Thread(target=self._run, name="chat-writer", daemon=True)
        self._thread.start()

    def submit(self, draft: Draft, answer: Answer) -> None:
        """Have a text written; `answer` gets its outcome, `UNAVAILABLE` at once when too many wait."""
        if self._waiting >= MOST_WAITING:
            answer(AppendRefused(Nack.UNAVAILABLE))
            return
        self._waiting += 1
        if not self._fresh:
            self._loop.call_soon(self._hand_over)
        self._fresh.append(Job(draft, answer))

    def close(self) -> None:
        """Write what was submitted, then end; blocks until it is done."""
        self._hand_over()
        self._queue.put(None)
        self._thread.join()

    def _hand_over(self) -> None:
        if self._fresh:
            self._queue.put(self._fresh)
            self._fresh = []

    def _run(self) -> None:
        is_open = True
        while is_open:
            jobs, is_open = self._gather()
            for start in range(0, len(jobs), MOST_AT_ONCE):
                some = jobs[start : start + MOST_AT_ONCE]
                outcomes = self._write(some)
                crash_point("before_ack")
                self._loop.call_soon_threadsafe(self._finish, some, outcomes)
        connection.close()

    def _gather(self) -> tuple[list[Job], bool]:
        """The texts that wait, at least one; False at the end."""
        jobs: list[Job] = []
        fresh = self._queue.get()
        while fresh is not None:
            jobs += fresh
            if len(jobs) >= MOST_AT_ONCE:
                return jobs, True
            try:
                fresh = self._queue.get_nowait()
            except queue.Empty:
                return jobs, True
        return jobs, False

    def _write(self, jobs: Sequence[Job]) -> Sequence[Outcome]:
        """Write these texts, but none before an earlier one of its author that could not be written."""
        now = time.monotonic()
        if not self._behind:
            outcomes = _write([job.draft for job in jobs])
            self._behind.note([job.draft for job in jobs], outcomes, now)
            return outcomes
        drafts = [job.draft for job in jobs]
        late = [self._behind.holds_up(draft, now) for draft in drafts]
        on_time = [draft for draft, is_late in zip(drafts, late, strict=True) if not is_late]
        written = iter(_write(on_time) if on_time else ())
        outcomes = [AppendRefused(Nack.UNAVAILABLE) if is_late else next(written) for is_late in late]
        self._behind.note(drafts, outcomes, now)
        return outcomes

    def _finish(self, jobs: Sequence[Job], outcomes: Sequence[Outcome]) -> None:
        self._waiting -= len(jobs)
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
