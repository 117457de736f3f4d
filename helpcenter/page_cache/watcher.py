"""Notices in every process that what customers see has changed."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from django.db import DatabaseError, close_old_connections

from faq.services import content_version

logger = logging.getLogger(__name__)


class Watcher:
    """Asks for the content version once a second and calls `on_change` when it differs.

    A change made in this process is noticed at once. While the database is out of reach nothing changes, and
    the pages that are kept go on being served.
    """

    def __init__(self, on_change: Callable[[], None], seconds: float = content_version.POLL_SECONDS) -> None:
        self._on_change = on_change
        self._seconds = seconds
        self._seen: content_version.Version | None = None
        self._wake = threading.Event()
        self._start_lock = threading.Lock()
        self._thread: threading.Thread | None = None
        self._is_failing = False

    def ensure_started(self) -> None:
        """Start watching with the first page that is kept."""
        if self._thread is not None:
            return
        with self._start_lock:
            if self._thread is None:
                content_version.on_change(self._changed_here)
                self._thread = threading.Thread(target=self._run, name="content-version", daemon=True)
                self._thread.start()

    def look(self) -> None:
        """Compare the version once."""
        try:
            version = content_version.refresh()
            self._is_failing = False
        except DatabaseError:
            if not self._is_failing:
                logger.warning(
                    "The content version can't be read; pages are served as they are", exc_info=True
                )
            self._is_failing = True
            return
        finally:
            close_old_connections()
        if version != self._seen:
            self._seen = version
            self._on_change()

    def _changed_here(self) -> None:
        self._on_change()
        self._wake.set()

    def _run(self) -> None:
        while True:
            self.look()
            self._wake.wait(self._seconds)
            self._wake.clear()
