"""The plain way to make a chat with Channels: a consumer, a group for each conversation, a row for each message.

It writes the product's own tables in the product's own database and speaks as much of the contract as the load
does. Daphne and the garbage collector are set as the product's are.
"""

from __future__ import annotations

import json
import os
from typing import Any

import django
from channels.routing import ProtocolTypeRouter, URLRouter

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "bench.settings")
django.setup(set_prefix=False)

from channels.db import database_sync_to_async  # noqa: E402 - needs the set-up above
from channels.generic.websocket import AsyncJsonWebsocketConsumer  # noqa: E402
from django.db import transaction  # noqa: E402
from django.urls import path  # noqa: E402
from django.utils import timezone  # noqa: E402

from chat.core.tokens import fingerprint  # noqa: E402
from chat.models import Conversation, Event  # noqa: E402
from helpcenter.daphne_server import use_prompt_server  # noqa: E402
from helpcenter.runtime import tune_gc  # noqa: E402


class Consumer(AsyncJsonWebsocketConsumer):
    """A visitor or an agent."""

    async def receive_json(self, content: dict[str, Any], **kwargs: Any) -> None:
        """Do what a frame asks for."""
        if content["type"] == "send":
            event = await database_sync_to_async(_store)(self.conversation, content)
            ack = {"type": "ack", "mid": content["mid"], "conversation": self.conversation, "n": event["n"]}
            await self.send_json(ack | {"at": event["at"], "dup": False})
            frame = {"type": "event", "conversation": self.conversation, "event": event}
            await self.channel_layer.group_send(_group(self.conversation), {"type": "told", "frame": frame})
        elif content["type"] == "hello":
            await self._hello(content)

    async def _hello(self, content: dict[str, Any]) -> None:
        if "token" in content:
            self.conversation = await database_sync_to_async(_find)(content["token"])
            await self.channel_layer.group_add(_group(self.conversation), self.channel_name)
        for opened in content.get("open", ()):
            await self.channel_layer.group_add(_group(opened["conversation"]), self.channel_name)
        await self.send_json({"type": "welcome"})

    async def told(self, message: dict[str, Any]) -> None:
        """Pass on what the group was told."""
        await self.send_json(message["frame"])

    @classmethod
    async def encode_json(cls, content: Any) -> str:
        """Without blanks, as the load looks for fields at their places."""
        return _encode(content)


def _group(conversation: str) -> str:
    return f"talk.{conversation}"


def _find(token: str) -> str:
    return str(Conversation.objects.get(token_hash=fingerprint(token)).public_id)


def _store(public_id: str, content: dict[str, Any]) -> dict[str, Any]:
    with transaction.atomic():
        conversation = Conversation.objects.select_for_update().get(public_id=public_id)
        conversation.seq += 1
        conversation.pub_seq += 1
        conversation.save(update_fields=["seq", "pub_seq"])
        event = Event.objects.create(
            conversation=conversation,
            seq=conversation.seq,
            pub_seq=conversation.pub_seq,
            kind="message",
            author_kind="visitor",
            mid=content["mid"],
            text=content["text"],
            at=timezone.now(),
        )
    return {
        "n": event.pub_seq,
        "kind": "message",
        "author": {"kind": "visitor", "name": ""},
        "text": event.text,
        "attachments": [],
        "mid": content["mid"],
        "at": event.at.isoformat(timespec="milliseconds"),
        "data": {},
    }


def _encode(content: Any) -> str:
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


application = ProtocolTypeRouter(
    {"websocket": URLRouter([path("ws/chat/", Consumer.as_asgi()), path("ws/desk/", Consumer.as_asgi())])}
)
use_prompt_server()
tune_gc()
