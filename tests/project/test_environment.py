import os
import stat
import subprocess
import sys

import pytest
from django.conf import settings
from environs import Env

from helpcenter import env as environment_module
from helpcenter.env import BadEnvironment, read_environment

pytestmark = pytest.mark.once

KEY = "k" * 60


def read(monkeypatch, **values):
    for name in list(os.environ):
        if name in {"DATABASE_URL", "REDIS_URL", "SITE_URL", "PORT", "HOST", "DEBUG", "ALLOWED_HOSTS"}:
            monkeypatch.delenv(name)
    for name, value in {"SECRET_KEY": KEY, **values}.items():
        monkeypatch.setenv(name, value)
    return read_environment(Env())


def test_defaults_serve_on_the_loopback_with_sqlite(monkeypatch):
    found = read(monkeypatch)

    assert found.site_url == "http://127.0.0.1:8000"
    assert "sqlite" in found.database["ENGINE"]
    assert not found.debug


@pytest.mark.parametrize(
    "name, value",
    [
        ("DEBUG", "maybe"),
        ("SITE_URL", "help.example.com"),
        ("SITE_URL", "https://help.example.com/path"),
        ("SITE_URL", "https://user@help.example.com"),
        ("SITE_URL", "https://help.example.com:99999"),
        ("ALLOWED_HOSTS", "*"),
        ("DATABASE_URL", "mysql://root@localhost/x"),
        ("DATABASE_URL", "postgres://"),
        ("REDIS_URL", "http://localhost"),
        ("SECRET_KEY", "short"),
        ("EMBED_ORIGINS", "https://*.example.com"),
        ("EMBED_ORIGINS", "shop.example.com"),
        ("IDENTITY_KEYS", "{not json"),
        ("IDENTITY_KEYS", "[1]"),
        ("IDENTITY_KEYS", '{"app": [{"kid": "1", "alg": "none", "key": ""}]}'),
        ("LOG_FORMAT", "xml"),
        ("REQUIRE_SECOND_FACTOR", "perhaps"),
        ("CHAT_MESSAGE_RATE", "fast"),
        ("CHAT_OPEN_RATE", "0/s"),
        ("WEB_CONCURRENCY", "0"),
        ("WEB_CONCURRENCY", "two"),
        ("WEB_CONCURRENCY", "2"),
        ("TIME_ZONE", "Mars/Olympus"),
        ("PORT", "eighty"),
    ],
)
def test_refused_with_the_name_of_the_variable_when_a_value_is_wrong(monkeypatch, name, value):
    with pytest.raises(BadEnvironment, match=name):
        read(monkeypatch, **{name: value})


def test_many_processes_are_refused_when_the_database_is_sqlite(monkeypatch):
    with pytest.raises(BadEnvironment, match="PostgreSQL"):
        read(monkeypatch, WEB_CONCURRENCY="2", REDIS_URL="redis://127.0.0.1:6379/0")


def test_many_processes_are_allowed_on_postgresql_and_redis(monkeypatch):
    found = read(
        monkeypatch,
        WEB_CONCURRENCY="2",
        REDIS_URL="redis://127.0.0.1:6379/0",
        DATABASE_URL="postgres://u@127.0.0.1/x",
    )

    assert found.web_concurrency == 2


def test_embedding_origins_are_kept_without_a_trailing_slash(monkeypatch):
    found = read(monkeypatch, EMBED_ORIGINS="https://shop.example.com/,http://localhost:3000")

    assert found.embed_origins == ["https://shop.example.com", "http://localhost:3000"]


def test_a_secret_key_is_made_once_and_only_its_owner_may_read_it(monkeypatch, tmp_path):
    monkeypatch.setattr(environment_module, "VAR_DIR", tmp_path)

    first, second = read(monkeypatch, SECRET_KEY=""), read(monkeypatch, SECRET_KEY="")

    assert first.secret_key == second.secret_key
    assert stat.S_IMODE((tmp_path / "secret_key").stat().st_mode) == 0o600


def test_the_start_ends_with_one_line_when_a_value_is_wrong():
    run = subprocess.run(
        [sys.executable, "manage.py", "check"],
        env=os.environ | {"DJANGO_SETTINGS_MODULE": "helpcenter.settings", "LOG_FORMAT": "xml"},
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 1
    assert run.stderr.strip().splitlines() == [
        "helpcenter can't start: LOG_FORMAT: 'xml' must be one of text, json"
    ]


def test_the_deployment_check_is_clean_when_the_site_is_served_over_tls():
    run = subprocess.run(
        [sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING"],
        env=os.environ
        | {
            "DJANGO_SETTINGS_MODULE": "helpcenter.settings",
            "SITE_URL": "https://help.example.com",
            "SECRET_KEY": "Zq8" + "x1-Yb7_Wc6.Vd5" * 5,
        },
        cwd=settings.BASE_DIR,
        capture_output=True,
        text=True,
        check=False,
    )

    assert run.returncode == 0, run.stderr
