"""The plain way: a consumer, a group for each conversation, a row written by the ORM for each text."""

from __future__ import annotations

import itertools
import os
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
django.setup(set_prefix=False)

from channels.db import database_sync_to_async  # noqa: E402 - needs the set-up above
from channels.generic.websocket import AsyncJsonWebsocketConsumer  # noqa: E402
from django.db import transaction  # noqa: E402
from django.db.models import F  # noqa: E402
from django.utils import timezone  # noqa: E402

from chat.models import Conversation, Event  # noqa: E402

_numbers = itertools.count(1_000_000)


class Plain(AsyncJsonWebsocketConsumer):
    """A visitor (`/visitor/<conversation>`) or an agent (`/agent/<conversation>,…`)."""

    async def connect(self) -> None:
        """Join the groups."""
        self.names = self.scope["path"].split("/")[2].split(",")
        for name in self.names:
            await self.channel_layer.group_add(name, self.channel_name)
        await self.accept()

    async def receive_json(self, content: dict[str, Any], **kwargs: Any) -> None:
        """Store a text, then tell the group."""
        number = await self.store(int(self.names[0]), content["text"])
        await self.channel_layer.group_send(
            self.names[0], {"type": "chat.text", "text": content["text"], "n": number}
        )

    async def chat_text(self, event: dict[str, Any]) -> None:
        """Pass a text on."""
        await self.send_json({"type": "event", "text": event["text"], "n": event["n"]})

    @database_sync_to_async
    def store(self, conversation: int, text: str) -> int:
        """One row and the counter, in one transaction."""
        number = next(_numbers)
        with transaction.atomic():
            Conversation.objects.filter(pk=conversation).update(changed_at=timezone.now(), hops=F("hops"))
            Event.objects.create(
                conversation_id=conversation,
                seq=number,
                kind="message",
                author_kind="visitor",
                text=text,
                at=timezone.now(),
            )
        return number


application = Plain.as_asgi()
