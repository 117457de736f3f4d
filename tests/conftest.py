"""What every test may use: the loaded content, a clean slate between tests, and a client that is a browser."""

from __future__ import annotations

import os

import hypothesis
import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from django.utils import translation

from faq.services import contacts, content_version, search, search_index
from helpcenter import rate_limit
from helpcenter.translations import compile_catalogues
from tests.content import put_back

# Timings belong in the bench. Where a failure blocks others, the examples are the same in every run.
hypothesis.settings.register_profile("suite", deadline=None, derandomize=bool(os.environ.get("CI")))
hypothesis.settings.load_profile("suite")


def pytest_configure(config: pytest.Config) -> None:
    """Compile the translations once, before anything is translated."""
    if not hasattr(config, "workerinput"):
        compile_catalogues()


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    """A skipped test is a failed run: what should be tested was not."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")
    if reporter and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(autouse=True)
def _clean_slate() -> None:
    """No counter, no cached version and no language is left over from another test."""
    rate_limit.forget_all()
    cache.clear()
    content_version.forget()
    contacts.forget()
    search_index.forget()
    search.forget()
    translation.activate(settings.LANGUAGE_CODE)


@pytest.fixture
def content(db: None) -> None:
    """The help center's own content."""
    put_back()
    content_version.forget()


class BrowserClient(Client):
    """Django's client with the headers by which a browser says that a post comes from our own page."""

    def post(self, path: str, *args: object, **kwargs: object) -> object:
        """Post as a form on our own page would be."""
        kwargs["headers"] = {"Origin": "http://testserver"} | dict(kwargs.get("headers") or {})
        return super().post(path, *args, **kwargs)


@pytest.fixture
def visitor() -> BrowserClient:
    """Somebody looking for help."""
    return BrowserClient()


@pytest.fixture
def htmx() -> dict[str, str]:
    """The header that htmx sends."""
    return {"HX-Request": "true"}
