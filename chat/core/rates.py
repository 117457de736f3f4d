"""A bucket of tokens: how often something may happen, with a burst. Pure; the caller brings the clock."""

from __future__ import annotations


class Bucket:
    """Lets `rate` uses a second pass, and up to `burst` at once after a rest."""

    __slots__ = ("_at", "_left", "burst", "rate")

    def __init__(self, rate: float, burst: float, now: float) -> None:
        self.rate, self.burst = rate, burst
        self._left, self._at = burst, now

    def take(self, now: float) -> float:
        """Use one token; 0 when there was one, else the seconds until there is, and nothing is used."""
        self._left = min(self.burst, self._left + (now - self._at) * self.rate)
        self._at = now
        if self._left >= 1:
            self._left -= 1
            return 0.0
        return (1 - self._left) / self.rate
