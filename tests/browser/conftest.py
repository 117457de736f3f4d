"""A real daphne with the help center's own content, and a real Chromium in front of it."""

from __future__ import annotations

import fcntl
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.conf import settings
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser.quiet import Morning
from tests.machine import chromium
from tests.throwaway import free_port, wait_for_port

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
]
DEMO_PASSWORD = "only-for-this-test-run"
TIMEOUT_MS = 15_000


@dataclass(frozen=True)
class Site:
    """The running help center."""

    url: str
    password: str = DEMO_PASSWORD
    # Where another site that may hold the widget can be started (tests/browser/host.py).
    host: str = ""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder needs the browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The help center as an operator starts it, on a fresh SQLite file; or one that runs already."""
    if running := os.environ.get("HELPCENTER_SITE"):
        yield Site(running, os.environ["HELPCENTER_SITE_PASSWORD"], os.environ["HELPCENTER_SITE_HOST"])
        return
    with serving(tmp_path_factory.mktemp("site")) as started:
        yield started


@contextmanager
def serving(folder: Path, **more: str) -> Iterator[Site]:
    """A help center of its own in `folder`; `more` goes into its environment."""
    port = free_port()
    host = f"http://localhost:{free_port()}"
    environment = os.environ | {
        "DJANGO_SETTINGS_MODULE": "tests.browser.settings",
        "DATABASE_URL": f"sqlite:///{folder / 'db.sqlite3'}",
        "HELPCENTER_TEST_FOLDER": str(folder),
        "MEDIA_ROOT": str(folder / "media"),
        "HELPCENTER_DEMO_PASSWORD": DEMO_PASSWORD,
        "SECRET_KEY": "browser-tests-" + "k" * 50,
        "HOST": "127.0.0.1",
        "PORT": str(port),
        "LOG_LEVEL": "ERROR",
        # The second is the same site for a browser, though another origin.
        "EMBED_ORIGINS": f"{host},{host.replace('localhost', '127.0.0.1')}",
        "CHAT_OPEN_RATE": "1000/h",
        "CHAT_MESSAGE_RATE": "100/s",
        **more,
    }
    environment.pop("REDIS_URL", None)
    _prepare(folder, environment)
    daphne = [sys.executable, "-m", "daphne", "-v", "0", "-b", "127.0.0.1", "-p", str(port)]
    server = subprocess.Popen(
        [*daphne, "helpcenter.asgi:application"], env=environment, cwd=settings.BASE_DIR
    )
    try:
        wait_for_port(port, server)
        yield Site(f"http://127.0.0.1:{port}", host=host)
    finally:
        server.terminate()
        server.wait(timeout=30)


def _prepare(folder: Path, environment: dict[str, str]) -> None:
    """Make a help center in `folder` ready: the first of a run is made, the others are copies of it."""
    is_one_of_many = "PYTEST_XDIST_WORKER" in os.environ
    shared = (folder.parent.parent if is_one_of_many else folder.parent) / "prepared"
    with Path(f"{shared}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not shared.exists():
            subprocess.run(
                [sys.executable, "manage.py", "prepare"], env=environment, cwd=settings.BASE_DIR, check=True
            )
            shutil.copytree(folder, shared)
            return
    shutil.copytree(shared, folder, dirs_exist_ok=True)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Chromium without a window."""
    # Playwright runs a loop of its own in this thread; Django must not take it for a coroutine.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium(), args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture(scope="session")
def mornings(browser: Browser) -> Iterator[Callable[[Site], Morning]]:
    """Clears the desk of a site; signs in there once."""
    known: dict[str, Morning] = {}

    def make(site: Site) -> Morning:
        return known.get(site.url) or known.setdefault(site.url, Morning(browser, site))

    yield make
    for one in known.values():
        one.close()


@pytest.fixture(autouse=True)
def quiet(request: pytest.FixtureRequest) -> None:
    """Every journey begins with nobody at work and nobody waiting."""
    if "site" in request.fixturenames:
        request.getfixturevalue("mornings")(request.getfixturevalue("site")).begin()


@pytest.fixture
def open_context(site: Site, browser: Browser) -> Iterator[Callable[..., BrowserContext]]:
    """Makes browser contexts (`open_context(java_script_enabled=False, …)`); fails on errors in their consoles."""
    contexts: list[BrowserContext] = []
    complaints: list[str] = []

    def make(**options: object) -> BrowserContext:
        trusting = {"ignore_https_errors": site.url.startswith("https:")}
        context = browser.new_context(base_url=site.url, locale="zh-CN", **trusting, **options)
        context.set_default_timeout(TIMEOUT_MS)
        context.on(
            "console", lambda message: complaints.append(message.text) if message.type == "error" else None
        )
        context.on("weberror", lambda error: complaints.append(str(error.error)))
        contexts.append(context)
        return context

    yield make
    for context in contexts:
        context.close()
    # A refused form (422, 429) and a missing page (404) are answers, and a cut network is no fault of the page.
    expected = ("the server responded with a status of 4", "net::ERR_INTERNET_DISCONNECTED")
    faults = [text for text in complaints if not any(part in text for part in expected)]
    assert faults == []


@pytest.fixture
def page(open_context: Callable[..., BrowserContext]) -> Page:
    """A fresh visitor at a desk."""
    return open_context(viewport={"width": 1280, "height": 800}).new_page()


@pytest.fixture
def phone(open_context: Callable[..., BrowserContext]) -> Page:
    """A fresh visitor with a phone."""
    size = {"width": 390, "height": 844}
    return open_context(viewport=size, is_mobile=True, has_touch=True).new_page()
