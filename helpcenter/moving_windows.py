"""How often something was done in the time before now, counted in the memory of this process."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass, field

# Keys that nobody uses any more are looked for once in so many seconds, not at every use.
SWEEP_SECONDS = 60.0
# Above this the key that came first is forgotten, so that made-up keys can't fill the memory.
MAX_KEYS = 100_000


@dataclass
class Window:
    """When one key was used within `seconds`, oldest first, in seconds of the clock."""

    seconds: float
    uses: deque[float] = field(default_factory=deque)

    def forget_before(self, moment: float) -> None:
        """Drop the uses that no longer count."""
        while self.uses and self.uses[0] <= moment:
            self.uses.popleft()


class MovingWindows:
    """Counts uses of any number of keys; safe for threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._windows: dict[Hashable, Window] = {}
        self._swept_at = 0.0

    def __len__(self) -> int:
        return len(self._windows)

    def use(self, key: Hashable, amount: int, seconds: float) -> float:
        """Count one use of `key`; 0 when it is one of `amount` in `seconds`, else seconds to wait, uncounted."""
        now = time.time()
        with self._lock:
            if now - self._swept_at > SWEEP_SECONDS:
                self._sweep(now)
            window = self._windows.get(key)
            if window is None:
                window = self._windows[key] = Window(seconds)
                if len(self._windows) > MAX_KEYS:
                    del self._windows[next(iter(self._windows))]
            window.forget_before(now - seconds)
            if len(window.uses) >= amount:
                return (window.uses[0] if window.uses else now) + seconds - now
            window.uses.append(now)
            return 0.0

    def wait(self, key: Hashable, amount: int, seconds: float) -> float:
        """Seconds until `key` may be used again, 0 when it may now; counts nothing."""
        now = time.time()
        with self._lock:
            window = self._windows.get(key)
            if window is None:
                return 0.0
            window.forget_before(now - seconds)
            return window.uses[-amount] + seconds - now if len(window.uses) >= amount else 0.0

    def forget(self, key: Hashable) -> None:
        """Forget every use of `key`."""
        with self._lock:
            self._windows.pop(key, None)

    def clear(self) -> None:
        """Forget every key."""
        with self._lock:
            self._windows.clear()

    def _sweep(self, now: float) -> None:
        self._swept_at = now
        for key, window in list(self._windows.items()):
            window.forget_before(now - window.seconds)
            if not window.uses:
                del self._windows[key]
