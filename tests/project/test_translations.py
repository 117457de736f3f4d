"""Every text for people is there in both languages, and nothing in the catalogues is left over."""

import os
import shutil
import string
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.conf import settings

from helpcenter.translations import LOCALE_DIR

pytestmark = pytest.mark.once

ROOT = Path(settings.BASE_DIR)
SOURCES = ("helpcenter", "faq", "chat", "templates", "static")
# What Django's sources and templates say, and what the scripts in the browser say.
DOMAINS = ("django", "djangojs")
EACH = [(domain, locale) for domain in DOMAINS for locale in ("zh_Hans", "en")]


@pytest.fixture(scope="module")
def extracted(tmp_path_factory) -> dict[str, Catalog]:
    """What the sources ask to be translated."""
    folder = tmp_path_factory.mktemp("messages")
    for name in SOURCES:
        shutil.copytree(
            ROOT / name, folder / name, ignore=shutil.ignore_patterns("*.po", "*.mo", "__pycache__")
        )
    shutil.copy(ROOT / "manage.py", folder)
    (folder / "helpcenter" / "locale").mkdir(exist_ok=True)
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "helpcenter.settings", "SECRET_KEY": "k" * 60}
    for domain in DOMAINS:
        command = [sys.executable, "manage.py", "makemessages", "--locale", "zh_Hans", "--no-location"]
        subprocess.run(
            [*command, "--domain", domain], cwd=folder, check=True, capture_output=True, env=environment
        )
    made = folder / "helpcenter" / "locale" / "zh_Hans" / "LC_MESSAGES"
    return {domain: catalogue(made / f"{domain}.po") for domain in DOMAINS}


def ours(domain: str, locale: str) -> Catalog:
    return catalogue(LOCALE_DIR / locale / "LC_MESSAGES" / f"{domain}.po")


def catalogue(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def identifier(message: Message) -> tuple[str | None, str]:
    return message.context, message.id[0] if isinstance(message.id, tuple) else message.id


def texts(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, tuple) else [message.string]


def placeholders(text: str) -> set[str]:
    named = {f"%({part.split(')')[0]})" for part in text.split("%(")[1:]}
    return named | {
        f"{{{name}}}" for _, name, _, _ in string.Formatter().parse(text.replace("%", "")) if name
    }


@pytest.mark.parametrize("domain, locale", EACH)
def test_every_text_is_translated(extracted, domain, locale):
    done = {identifier(m) for m in ours(domain, locale) if m.id and all(texts(m)) and not m.fuzzy}
    wanted = [identifier(m) for m in extracted[domain] if m.id]

    assert wanted
    assert sorted(text for context, text in wanted if (context, text) not in done) == []


@pytest.mark.parametrize("domain, locale", EACH)
def test_no_translation_is_left_over(extracted, domain, locale):
    wanted = {identifier(m) for m in extracted[domain] if m.id}

    assert (
        sorted(identifier(m)[1] for m in ours(domain, locale) if m.id and identifier(m) not in wanted) == []
    )


@pytest.mark.parametrize("domain, locale", EACH)
def test_translations_keep_their_placeholders(domain, locale):
    # The last form is the one for many; only a form for exactly one may leave the number out.
    wanted = {
        message.id[-1] if isinstance(message.id, tuple) else message.id: message
        for message in ours(domain, locale)
    }
    changed = {
        text: texts(message)[-1]
        for text, message in wanted.items()
        if text and placeholders(texts(message)[-1]) != placeholders(text)
    }

    assert changed == {}
