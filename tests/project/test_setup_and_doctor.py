"""A new site set up by one command, and what the doctor says of sound and of broken ones."""

import json
import os
import stat
import subprocess
import sys

import pytest
from django.conf import settings

from helpcenter.doctor import stores
from helpcenter.doctor.findings import Level

pytestmark = pytest.mark.once

PASSWORD = "a-long-passphrase-for-tests"


def manage(*arguments, **environment):
    """Run a command as an operator does, with nothing of the tests' own environment."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    command = [sys.executable, "manage.py", *arguments]
    return subprocess.run(
        command, cwd=settings.BASE_DIR, env=kept | environment, capture_output=True, text=True, check=False
    )


def set_up(folder, *more, **environment):
    database = f"sqlite:///{folder / 'db.sqlite3'}"
    arguments = ["--no-input", "--database", database, "--file", str(folder / "env"), *more]
    return manage("setup", *arguments, **({"ADMIN_PASSWORD": PASSWORD} | environment))


def doctor(folder, **environment):
    environment = {
        "HELPCENTER_ENV_FILE": str(folder / "env"),
        "MEDIA_ROOT": str(folder / "media"),
    } | environment
    done = manage("doctor", "--json", **environment)
    found = {}
    for finding in json.loads(done.stdout):
        worst = found.setdefault(finding["subject"], finding)
        if list(Level).index(finding["level"]) > list(Level).index(worst["level"]):
            found[finding["subject"]] = finding
    return done.returncode, found


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """A site set up for this machine alone."""
    folder = tmp_path_factory.mktemp("site")
    done = set_up(folder, "--admin", "boss", "--admin-password-env", "ADMIN_PASSWORD")
    assert done.returncode == 0, done.stderr
    return folder


def test_setup_writes_what_the_site_starts_with(site):
    text = (site / "env").read_text()

    assert "SITE_NAME='Topay'" in text
    assert stat.S_IMODE((site / "env").stat().st_mode) == 0o600
    assert PASSWORD not in text
    code, found = doctor(site)
    assert (code, found["migrations"]["level"]) == (0, "ok")


def test_setup_replaces_nothing_unless_it_is_told_to(site):
    before = (site / "env").read_text()

    assert "--force" in set_up(site).stderr
    assert (site / "env").read_text() == before


@pytest.mark.parametrize(
    "arguments, complaint",
    [
        (["--address", "help.example.com"], "SITE_URL"),
        (["--admin", "boss"], "password"),
    ],
)
def test_setup_changes_nothing_when_an_answer_is_no_good(tmp_path, arguments, complaint):
    done = set_up(tmp_path, *arguments)

    assert done.returncode != 0
    assert complaint in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_the_doctor_finds_the_tables_missing(tmp_path):
    set_up(tmp_path)

    code, found = doctor(tmp_path)

    assert (code, found["migrations"]["mend"]) == (1, "run: manage.py prepare")


def test_the_doctor_finds_a_store_that_does_not_answer(site):
    code, found = doctor(site, REDIS_URL="redis://127.0.0.1:1/0", EMAIL_URL="smtp://127.0.0.1:1")

    assert code == 1
    assert "does not answer" in found["redis"]["text"]
    assert found["mail"]["level"] == "problem"


def test_the_doctor_finds_a_public_site_unsafe(site):
    manage("demo_accounts", HELPCENTER_ENV_FILE=str(site / "env"))

    code, found = doctor(site, SITE_URL="http://help.example.com", ALLOWED_HOSTS="other.example.com")

    assert code == 1
    assert "not encrypted" in found["tls"]["text"]
    assert "agent1" in found["accounts"]["text"]
    assert "ALLOWED_HOSTS" in found["origins"]["text"]
    assert found["second factor"]["level"] == "warning"


def test_the_doctor_finds_a_redis_that_drops_idle_connections(monkeypatch):
    class Listening:
        def subscribe(self, name):
            pass

        def get_message(self, timeout):
            return None

        def close(self):
            pass

    class Client:
        def pubsub(self):
            return Listening()

        def publish(self, name, text):
            pass

    monkeypatch.setattr(stores, "IDLE_SECONDS", 0)

    (finding,) = stores._idle(Client())

    assert finding.level is Level.PROBLEM


def test_debug_is_refused_where_the_site_is_public(site):
    done = manage(
        "check", HELPCENTER_ENV_FILE=str(site / "env"), DEBUG="1", SITE_URL="https://help.example.com"
    )

    assert done.returncode != 0
    assert "DEBUG" in done.stderr


def test_djangos_own_check_of_a_deployment_finds_nothing(site):
    done = manage(
        "check",
        *("--deploy", "--fail-level", "WARNING"),
        HELPCENTER_ENV_FILE=str(site / "env"),
        SITE_URL="https://help.example.com",
    )

    assert done.returncode == 0, done.stderr
