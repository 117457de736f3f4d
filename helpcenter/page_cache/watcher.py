"""Notices in every process that what customers see has changed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from django.core.exceptions import ObjectDoesNotExist
from django.db import Error, close_old_connections

from faq.services import content_version

logger = logging.getLogger(__name__)


def _nothing() -> None:
    """What happens on a change until somebody says otherwise."""


class Watcher:
    """Asks for the content version once a second and calls `on_change` when it differs.

    A change made in this process is noticed at once. While the database is out of reach nothing changes, and
    the pages that are kept go on being served.
    """

    def __init__(self, seconds: float = content_version.POLL_SECONDS) -> None:
        self.on_change: Callable[[], None] = _nothing
        self._seconds = seconds
        self._seen: content_version.Version | None = None
        self._wake = threading.Event()
        self._start_lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._is_failing = False
        self._is_stopped = False

    def ensure_started(self) -> None:
        """Start watching with the first page that is kept."""
        if self._thread is not None:
            return
        with self._start_lock:
            if self._thread is None:
                content_version.on_change(self.changed_here)
                self._thread = threading.Thread(target=self._run, name="content-version", daemon=True)
                self._thread.start()

    def stop(self) -> None:
        """Stop watching, for good."""
        self._is_stopped = True
        self._wake.set()
        if self._thread is not None:
            self._thread.join()

    def look(self) -> None:
        """Compare the version once."""
        try:
            version = content_version.refresh()
        except (Error, ObjectDoesNotExist):
            if not self._is_failing:
                logger.warning("The content version can't be read; pages stay as they are", exc_info=True)
            self._is_failing = True
            return
        finally:
            close_old_connections()
        self._is_failing = False
        if version != self._seen:
            self._seen = version
            self.on_change()

    def changed_here(self) -> None:
        """Act on a change that this process has just committed, and look for more."""
        self.on_change()
        self._wake.set()

    def _run(self) -> None:
        while not self._is_stopped:
            try:
                self.look()
            except Exception:
                # Without this thread no change would ever show, so it outlives whatever goes wrong.
                logger.exception("Looking for changed content failed")
            self._wake.wait(self._seconds)
            self._wake.clear()
