"""Addresses of the visitor's API, below `/api/chat/`."""

from django.urls import path, re_path

from chat.views.api import conversations, files

app_name = "chat_api"

_ONE = "conversations/<uuid:conversation>"
urlpatterns = [
    path("availability", conversations.available, name="availability"),
    path("conversations", conversations.open_conversation, name="conversations"),
    path(f"{_ONE}/events", conversations.events, name="events"),
    path(f"{_ONE}/messages", conversations.messages, name="messages"),
    path(f"{_ONE}/attachments", files.upload, name="attachments"),
    path(f"{_ONE}/end", conversations.end, name="end"),
    path(f"{_ONE}/leave-message", conversations.leave_message, name="leave_message"),
    path(f"{_ONE}/rating", conversations.rate, name="rating"),
    path(f"{_ONE}/suggestions", conversations.suggestions, name="suggestions"),
    path(f"{_ONE}/identity", conversations.identify, name="identity"),
    path(f"{_ONE}/transcript", conversations.download_transcript, name="transcript"),
    path("attachments/<uuid:attachment>/", files.download, name="attachment"),
    re_path("", conversations.unknown, name="unknown"),
]
