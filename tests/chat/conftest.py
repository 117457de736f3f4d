"""A visitor at the contact form."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from i18nfield.strings import LazyI18nString

from chat.services import tickets
from faq.models import Category, ContactChannel, ContentVersion, Guide

FORM = "/en/contact/email/"
NOW = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
WRITING = {
    "name": "Some Customer",
    "email": "customer@example.com",
    "topic": "payment",
    "problem": "The payment failed but the money is gone.",
    "steps": "I restarted the app.",
    "device": "Huawei P60",
}


@pytest.fixture(autouse=True)
def _content_version(request):
    """The row that migrations make, and that a test which empties the tables leaves the next one without."""
    if request.node.get_closest_marker("django_db") or {"db", "transactional_db"} & {*request.fixturenames}:
        request.getfixturevalue("db")
        ContentVersion.objects.get_or_create(pk=1)


@pytest.fixture
def clock():
    """The time, which only moves when a test moves it."""
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def ticket(clock):
    """The ticket of a form that was opened a minute ago."""
    opened = tickets.issue()
    clock.shift(timedelta(minutes=1))
    return opened


@pytest.fixture
def topics(db):
    """As much of the help center as the form refers to."""
    ContentVersion.objects.get_or_create(pk=1)
    Category.objects.create(slug="payment", title=LazyI18nString({"en": "Payments", "zh-hans": "支付"}))
    ContactChannel.objects.create(kind="phone", value="400-000-0000", label="Phone")
    Guide.objects.create(slug="payment-failed", title="Payment won't go through")


@pytest.fixture
def filled(ticket, topics):
    """A form filled in correctly."""
    return WRITING | {"ticket": ticket.signed}


@pytest.fixture
def media(settings, tmp_path):
    """An empty folder for files."""
    settings.MEDIA_ROOT = tmp_path / "media"
    return settings.MEDIA_ROOT


def ticket_in(response) -> str:
    """The ticket inside a rendered form."""
    return re.search(r'name="ticket" value="([^"]+)"', response.content.decode()).group(1)


def kept_in(response) -> list[str]:
    """The ids of the files that a rendered form has kept."""
    return re.findall(r'name="kept" value="([^"]+)"', response.content.decode())


def text_file(name="note.txt", content=b"It says error 51."):
    """A harmless file."""
    return SimpleUploadedFile(name, content, content_type="text/plain")


def stored_files(media) -> list:
    """Every file below the media folder."""
    return [path for path in media.rglob("*") if path.is_file()] if media.exists() else []
