"""Sockets as the hub knows them, which is little."""

from __future__ import annotations

from typing import Protocol

from chat.core.terms import CloseCode


class Desk(Protocol):
    """An agent's socket, as far as news for all agents go."""

    def refresh(self) -> None:
        """Offers or presence of this agent may have changed."""

    def close(self, code: CloseCode) -> None:
        """End it."""

    def tell(self, frame: str) -> None:
        """Send this small frame soon."""


class Beating(Protocol):
    """A socket, as far as looking after it goes."""

    def beat(self) -> None:
        """Ask the client for a sign of life."""

    def check_stall(self) -> None:
        """End it when the client doesn't read."""

    def tell(self, frame: str) -> None:
        """Send this small frame soon."""

    def close(self, code: CloseCode) -> None:
        """End it."""
