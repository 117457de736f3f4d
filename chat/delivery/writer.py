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
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from django.db import InterfaceError, OperationalError, connection

from chat.core.crash import crash_point
from chat.core.terms import Nack
from chat.services.append import AppendRefused, Draft, Outcome, append_all
from helpcenter.metrics import APPEND_SECONDS, APPENDED, BATCH

logger = logging.getLogger(__name__)
MOST_AT_ONCE = 256
MOST_WAITING = 5000
# A text that nobody sends again holds up its author no longer than this.
BEHIND_SECONDS = 30.0
Key = tuple[int, str, int]

MOST_OWED = 100
STORED, REFUSED = APPENDED.labels("stored"), APPENDED.labels("refused")

Answer = Callable[[Outcome], None]
Deliver = Callable[[Sequence["Job"], Sequence[Outcome]], None]


@dataclass(slots=True)
class Job:
    """A text on its way to the disk, and who wants to know what became of it (called in the event loop)."""

    draft: Draft
    answer: Answer
    # When it came, by the process's steady clock in seconds.
    at: float = field(default_factory=time.monotonic)


@dataclass(slots=True)
class Owed:
    """Texts of one author in one conversation that were refused, oldest first, and until when we wait for them."""

    mids: list[str] = field(default_factory=list)
    until: float = 0.0


class Behind:
    """Authors whose texts could not be written: what they sent later waits until those are sent again, in order.

    So a person's texts keep their order although the database came back between them. Used by one thread.
    """

    def __init__(self) -> None:
        self._owed: dict[Key, Owed] = {}

    def __bool__(self) -> bool:
        return bool(self._owed)

    def admit(self, drafts: Sequence[Draft], now: float) -> list[bool]:
        """Which of these may be written now: what is owed, in its order, and after that anything."""
        turn: dict[Key, int] = {}
        admitted = []
        for draft in drafts:
            key = _key(draft)
            owed = self._owed.get(key)
            if owed is None or owed.until <= now:
                self._owed.pop(key, None)
                admitted.append(True)
                continue
            at = turn.get(key, 0)
            is_next = at >= len(owed.mids) or draft.mid == owed.mids[at]
            turn[key] = at + is_next
            admitted.append(is_next)
        return admitted

    def note(self, drafts: Sequence[Draft], outcomes: Sequence[Outcome], now: float) -> None:
        """Remember what could not be written, and that what was owed has been."""
        for draft, outcome in zip(drafts, outcomes, strict=True):
            key = _key(draft)
            owed = self._owed.get(key)
            failed = isinstance(outcome, AppendRefused) and outcome.code == Nack.UNAVAILABLE
            if failed and draft.mid:
                owed = owed or self._owed.setdefault(key, Owed())
                owed.until = now + BEHIND_SECONDS
                if draft.mid not in owed.mids and len(owed.mids) < MOST_OWED:
                    owed.mids.append(draft.mid)
            elif owed is not None and draft.mid in owed.mids:
                owed.mids.remove(draft.mid)
                if not owed.mids:
                    del self._owed[key]


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
        self._chores: deque[Callable[[], None]] = deque()
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

    def after(self, chore: Callable[[], None]) -> None:
        """Have something else written by this thread, after the texts that wait: SQLite has one writer at a time."""
        self._chores.append(chore)
        self._queue.put([])

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
            if self._chores:
                _do(self._chores.popleft())
        while self._chores:
            _do(self._chores.popleft())
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
        admitted = self._behind.admit(drafts, now)
        ready = [draft for draft, may in zip(drafts, admitted, strict=True) if may]
        written = iter(_write(ready) if ready else ())
        outcomes = [next(written) if may else AppendRefused(Nack.UNAVAILABLE) for may in admitted]
        self._behind.note(drafts, outcomes, now)
        return outcomes

    def _finish(self, jobs: Sequence[Job], outcomes: Sequence[Outcome]) -> None:
        self._waiting -= len(jobs)
        for job, outcome in zip(jobs, outcomes, strict=True):
            job.answer(outcome)
        _count(jobs, outcomes)
        self._deliver(jobs, outcomes)


def _count(jobs: Sequence[Job], outcomes: Sequence[Outcome]) -> None:
    """Once a batch, which costs a busy process nothing; the time is that of the text that waited longest."""
    refused = sum(isinstance(outcome, AppendRefused) for outcome in outcomes)
    BATCH.observe(len(jobs))
    APPEND_SECONDS.observe(time.monotonic() - jobs[0].at)
    STORED.inc(len(jobs) - refused)
    if refused:
        REFUSED.inc(refused)


def _do(chore: Callable[[], None]) -> None:
    try:
        chore()
    except Exception:
        logger.warning("Something besides the texts was not written", exc_info=True)
        connection.close()


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
