"""People who sign in, and an editor at work on an article."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth import get_user_model
from django.contrib.auth.models import User
from django.test import Client

from faq.models import Article
from faq.services import roles
from tests.forms import form_fields


@pytest.fixture
def account(db: None) -> Callable[[str], User]:
    """Makes an account with one of the roles, or an administrator of everything (`superuser`)."""

    def make(role: str) -> User:
        if role == "superuser":
            return get_user_model().objects.create_superuser(role, password="long-enough-password")
        user = get_user_model().objects.create_user(
            role.lower(), password="long-enough-password", is_staff=role in roles.STAFF
        )
        user.groups.add(roles.ensure_groups()[role])
        return user

    return make


@pytest.fixture
def editor(account: Callable[[str], User], client: Client) -> Client:
    """An editor who is signed in and reads English."""
    client.force_login(account(roles.EDITORS))
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "en"
    return client


@pytest.fixture
def edit(editor: Client) -> Callable[..., Any]:
    """Opens an article's page, changes fields (`edit("two-factor", en={"title": "New"})`), and saves."""

    def change(slug: str, article: dict[str, Any] | None = None, **texts: dict[str, str]) -> Any:
        url = f"/admin/faq/article/{Article.objects.get(slug=slug).pk}/change/"
        data = form_fields(editor.get(url).content.decode(), "article_form")
        data |= article or {}
        for language, fields in texts.items():
            code = {"zh": "zh-hans"}.get(language, language)
            prefix = f"translations-{place(data, code)}"
            data |= {f"{prefix}-{name}": value for name, value in fields.items()}
        return editor.post(url, data | {"_continue": "1"}, follow=True)

    return change


def place(data: dict[str, Any], code: str) -> int:
    """Which form of the form set holds a language."""
    for number in range(int(data["translations-TOTAL_FORMS"])):
        if data.get(f"translations-{number}-language") == code:
            return number
    raise AssertionError(f"no form for {code}")
