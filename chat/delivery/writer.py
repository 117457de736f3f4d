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

from chat.core.behind import Behind, Text
from chat.core.crash import crash_point
from chat.core.terms import Nack
from chat.services.append import AppendRefused, Draft, Outcome, append_all
from helpcenter.metrics import APPEND_SECONDS, APPENDED, BATCH

logger = logging.getLogger(__name__)
MOST_AT_ONCE = 256
MOST_WAITING = 5000
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
        drafts = [job.draft for job in jobs]
        if not self._behind:
            outcomes = _write(drafts)
            if any(map(_is_unavailable, outcomes)):
                self._note(drafts, [True] * len(drafts), outcomes)
            return outcomes
        admitted = self._behind.admit([_text(draft) for draft in drafts], time.monotonic())
        ready = [draft for draft, may in zip(drafts, admitted, strict=True) if may]
        written = iter(_write(ready) if ready else ())
        outcomes = [next(written) if may else AppendRefused(Nack.UNAVAILABLE) for may in admitted]
        self._note(drafts, admitted, outcomes)
        return outcomes

    def _note(self, drafts: Sequence[Draft], admitted: Sequence[bool], outcomes: Sequence[Outcome]) -> None:
        texts, failed = [_text(draft) for draft in drafts], [_is_unavailable(one) for one in outcomes]
        self._behind.note(texts, admitted, failed, time.monotonic())

    def _finish(self, jobs: Sequence[Job], outcomes: Sequence[Outcome]) -> None:
        self._waiting -= len(jobs)
        for job, outcome in zip(jobs, outcomes, strict=True):
            job.answer(outcome)
        _count(jobs, outcomes)
        self._deliver(jobs, outcomes)


def _text(draft: Draft) -> Text:
    return Text((draft.conversation, draft.author.kind, draft.author.id), draft.mid)


def _is_unavailable(outcome: Outcome) -> bool:
    return isinstance(outcome, AppendRefused) and outcome.code == Nack.UNAVAILABLE


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
