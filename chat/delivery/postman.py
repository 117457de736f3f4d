"""Mails about answers: one process among many writes and sends them, beside what can't wait for a mail server."""

from __future__ import annotations

import asyncio
import logging
from uuid import uuid4

from django.conf import settings
from django.db import DatabaseError

from chat.delivery.workers import Workers
from chat.services import duties, email_alerts, mails
from chat.services.clock import database_now

logger = logging.getLogger(__name__)
DUTY = "postman"
# Longer than a round of mails to a server that doesn't answer.
HELD_SECONDS = 60.0
ROUND_SECONDS = 5.0
ROUNDS_A_TIDYING = 720


class Postman:
    """Goes round until it is cancelled; what fails is tried again at the next round."""

    def __init__(self, workers: Workers) -> None:
        self._workers = workers
        self._me = uuid4()
        self._rounds = 0

    async def run(self) -> None:
        """Go round for ever."""
        while True:
            await asyncio.sleep(ROUND_SECONDS)
            try:
                await self._workers.run(self.go_round)
            except DatabaseError:
                logger.warning("The database is out of reach; mails wait", exc_info=True)
            except Exception:
                logger.exception("A round of mails failed")

    async def stop(self) -> None:
        """Leave the duty to another process at once."""
        try:
            await self._workers.run(duties.let_go, DUTY, self._me)
        except DatabaseError:
            # It runs out by itself.
            logger.warning("The postman's duty could not be handed on")

    def go_round(self) -> None:
        """Write and send what is due, if that is this process's duty."""
        if not duties.hold(DUTY, self._me, HELD_SECONDS):
            return
        now = database_now()
        email_alerts.note_answers(now, settings.CHAT_TIMINGS.unread_mail)
        mails.send_due(now)
        if self._rounds % ROUNDS_A_TIDYING == 0:
            email_alerts.forget_unconfirmed(now)
            mails.forget_old(now)
        self._rounds += 1
