"""The environment of a deployment, read and checked once.

Every variable that an operator may set is read here and nowhere else, so that a wrong value stops the
start with one clear line instead of failing in the middle of somebody's visit.
"""

from __future__ import annotations

import os
import re
import secrets
import zoneinfo
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from environs import Env, EnvError

from helpcenter.identity_keys import BadKeys, Key, parse_keys

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"
LOCAL_HOSTS = ["localhost", "127.0.0.1", "[::1]"]
# What `manage.py setup` writes; what is set in the environment itself counts more.
ENV_FILE = BASE_DIR / ".env"
LANGUAGES = ("zh-hans", "en")
MOST_NAME_LENGTH = 40
MIN_SECRET_LENGTH = 50
MIN_TOKEN_LENGTH = 20
RATE = re.compile(r"^[1-9]\d*/([1-9]\d*)?[smhd]$")


class BadEnvironment(ValueError):
    """A variable has a value that the help center can't run with; the text says which and why."""


@dataclass(frozen=True)
class Environment:
    """The checked values of one deployment, under the names of the variables."""

    debug: bool
    secret_key: str
    site_url: str
    site_name: str
    default_language: str
    allowed_hosts: list[str]
    database: dict[str, Any]
    redis_url: str
    email: dict[str, Any]
    default_from_email: str
    media_root: Path
    time_zone: str
    log_format: str
    log_level: str
    embed_origins: list[str]
    identity_keys: dict[str, dict[str, Key]]
    require_second_factor: bool
    sign_in_idle_minutes: int
    sign_in_hours: int
    chat_message_rate: str
    chat_open_rate: str
    web_concurrency: int
    http_threads: int
    demo_password: str
    metrics_token: str
    retention_conversations: timedelta | None
    retention_attachments: timedelta | None
    retention_addresses: timedelta | None
    retention_audit: timedelta | None

    @property
    def is_secure(self) -> bool:
        """Whether visitors reach this site over TLS."""
        return self.site_url.startswith("https://")


def read_environment(values: Env | None = None) -> Environment:
    """Read and check every variable; raises `BadEnvironment` naming the first wrong one."""
    env = values or Env()
    try:
        debug = env.bool("DEBUG", False)
        site_url = _origin("SITE_URL", env.str("SITE_URL", "") or _default_site_url(env))
        found = Environment(
            debug=debug,
            secret_key=_secret_key(env.str("SECRET_KEY", ""), debug),
            site_url=site_url,
            site_name=_site_name(env.str("SITE_NAME", "Topay")),
            default_language=_one_of(
                "DEFAULT_LANGUAGE", env.str("DEFAULT_LANGUAGE", LANGUAGES[0]), LANGUAGES
            ),
            allowed_hosts=_hosts(env.list("ALLOWED_HOSTS", []), site_url, debug),
            database=_database(env),
            redis_url=_redis_url(env.str("REDIS_URL", "")),
            email=env.dj_email_url("EMAIL_URL", "console:"),
            default_from_email=env.str("DEFAULT_FROM_EMAIL", "Topay <support@example.com>"),
            media_root=Path(env.str("MEDIA_ROOT", "") or VAR_DIR / "media"),
            time_zone=_time_zone(env.str("TIME_ZONE", "Asia/Shanghai")),
            log_format=_one_of("LOG_FORMAT", env.str("LOG_FORMAT", "text"), ("text", "json")),
            log_level=_one_of(
                "LOG_LEVEL", env.str("LOG_LEVEL", "INFO"), ("DEBUG", "INFO", "WARNING", "ERROR")
            ),
            embed_origins=_origins(env.list("EMBED_ORIGINS", [])),
            identity_keys=_identity_keys(env.str("IDENTITY_KEYS", "")),
            require_second_factor=env.bool("REQUIRE_SECOND_FACTOR", False),
            sign_in_idle_minutes=_between(
                "SIGN_IN_IDLE_MINUTES", env.int("SIGN_IN_IDLE_MINUTES", 120), 5, 1440
            ),
            sign_in_hours=_between("SIGN_IN_HOURS", env.int("SIGN_IN_HOURS", 12), 1, 168),
            chat_message_rate=_rate("CHAT_MESSAGE_RATE", env.str("CHAT_MESSAGE_RATE", "5/s")),
            chat_open_rate=_rate("CHAT_OPEN_RATE", env.str("CHAT_OPEN_RATE", "6/12h")),
            web_concurrency=_between("WEB_CONCURRENCY", env.int("WEB_CONCURRENCY", 1), 1, 512),
            http_threads=_between("HTTP_THREADS", env.int("HTTP_THREADS", 4), 1, 64),
            demo_password=env.str("HELPCENTER_DEMO_PASSWORD", ""),
            retention_conversations=_days(env, "RETENTION_CONVERSATION_DAYS", 180),
            retention_attachments=_days(env, "RETENTION_ATTACHMENT_DAYS", 90),
            retention_addresses=_days(env, "RETENTION_ADDRESS_DAYS", 30),
            retention_audit=_days(env, "RETENTION_AUDIT_DAYS", 730),
            metrics_token=_token("METRICS_TOKEN", env.str("METRICS_TOKEN", "")),
        )
    except EnvError as error:
        raise BadEnvironment(" ".join(str(error).split())) from error
    _refuse_unsafe_combinations(found)
    return found


def environment_or_exit() -> Environment:
    """The checked environment; a wrong one ends the process with a single line and status 1."""
    env = Env()
    env_file = os.environ.get("HELPCENTER_ENV_FILE", str(ENV_FILE))
    if Path(env_file).is_file():
        env.read_env(env_file, recurse=False)
    try:
        return read_environment(env)
    except BadEnvironment as error:
        raise SystemExit(f"helpcenter can't start: {error}") from None


def own_origins(site_url: str) -> list[str]:
    """The site's origin; on the machine's own loopback by both of its names, as people type either."""
    for one, other in (("://127.0.0.1", "://localhost"), ("://localhost", "://127.0.0.1")):
        if one in site_url:
            return [site_url, site_url.replace(one, other)]
    return [site_url]


def _default_site_url(env: Env) -> str:
    return f"http://{env.str('HOST', '127.0.0.1')}:{env.int('PORT', 8000)}"


def _origin(name: str, value: str) -> str:
    """Scheme, host and port of `value`, without a path; raises `BadEnvironment`."""
    try:
        parts = urlsplit(value.strip().rstrip("/"))
        port_ok = parts.port is None or parts.port > 0
    except ValueError:
        port_ok, parts = False, urlsplit("")
    if parts.scheme not in ("http", "https") or not parts.hostname or not port_ok:
        raise BadEnvironment(f"{name}: {value!r} is not an address such as https://help.example.com")
    if parts.path or parts.query or parts.fragment or parts.username or "*" in value:
        raise BadEnvironment(f"{name}: {value!r} must be scheme, host and port only")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _origins(values: list[str]) -> list[str]:
    return [_origin("EMBED_ORIGINS", value) for value in values]


def _site_name(value: str) -> str:
    name = value.strip()
    if not 1 <= len(name) <= MOST_NAME_LENGTH or not name.isprintable():
        raise BadEnvironment(f"SITE_NAME: needs 1 to {MOST_NAME_LENGTH} characters on one line")
    return name


def _secret_key(value: str, debug: bool) -> str:
    if value:
        if len(value) < MIN_SECRET_LENGTH and not debug:
            raise BadEnvironment(f"SECRET_KEY: needs at least {MIN_SECRET_LENGTH} characters")
        return value
    return _kept_secret(VAR_DIR / "secret_key")


def _kept_secret(path: Path) -> str:
    """The key kept in `path`, made on the first start, readable by its owner only."""
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with open(path, "x", opener=_private_opener) as file:
            file.write(secrets.token_urlsafe(64))
    except FileExistsError:
        pass
    kept = path.read_text().strip()
    if len(kept) < MIN_SECRET_LENGTH:
        raise BadEnvironment(f"SECRET_KEY: {path.name} in var/ is damaged; remove it to make a new one")
    return kept


def _private_opener(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _hosts(hosts: list[str], site_url: str, debug: bool) -> list[str]:
    names = [host.strip() for host in hosts if host.strip()]
    if "*" in names and not debug:
        raise BadEnvironment("ALLOWED_HOSTS: '*' lets anybody choose the host name; name the hosts")
    own = urlsplit(site_url).hostname or ""
    return list(dict.fromkeys(names or [own, *LOCAL_HOSTS]))


def _database(env: Env) -> dict[str, Any]:
    url = env.str("DATABASE_URL", "")
    if not url:
        VAR_DIR.mkdir(parents=True, exist_ok=True)
        url = f"sqlite:///{VAR_DIR / 'helpcenter.sqlite3'}"
    if url.split(":", 1)[0] not in ("sqlite", "postgres", "postgresql"):
        raise BadEnvironment("DATABASE_URL: only sqlite:///… and postgres://… are supported")
    try:
        config = dict(Env(expand_vars=False).dj_db_url("DATABASE_URL", url))
    except (EnvError, ValueError) as error:
        raise BadEnvironment("DATABASE_URL: can't be read as a database address") from error
    if not config.get("NAME"):
        raise BadEnvironment("DATABASE_URL: names no database")
    return config


def _redis_url(value: str) -> str:
    if value and urlsplit(value).scheme not in ("redis", "rediss", "unix"):
        raise BadEnvironment("REDIS_URL: must start with redis://, rediss:// or unix://")
    return value


def _time_zone(value: str) -> str:
    try:
        zoneinfo.ZoneInfo(value)
    except (ValueError, zoneinfo.ZoneInfoNotFoundError, OSError) as error:
        raise BadEnvironment(f"TIME_ZONE: {value!r} is no zone such as Asia/Shanghai") from error
    return value


def _one_of(name: str, value: str, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise BadEnvironment(f"{name}: {value!r} must be one of {', '.join(allowed)}")
    return value


def _between(name: str, value: int, low: int, high: int) -> int:
    if not low <= value <= high:
        raise BadEnvironment(f"{name}: {value} must be between {low} and {high}")
    return value


def _rate(name: str, value: str) -> str:
    if not RATE.match(value):
        raise BadEnvironment(f"{name}: {value!r} must look like 5/s, 60/m or 6/12h")
    return value


def _days(env: Env, name: str, default: int) -> timedelta | None:
    days = _between(name, env.int(name, default), 0, 36500)
    return timedelta(days=days) if days else None


def _token(name: str, value: str) -> str:
    if value and len(value) < MIN_TOKEN_LENGTH:
        raise BadEnvironment(f"{name}: needs at least {MIN_TOKEN_LENGTH} characters, or none at all")
    return value


def _identity_keys(value: str) -> dict[str, dict[str, Key]]:
    if not value.strip():
        return {}
    try:
        return parse_keys(value)
    except BadKeys as error:
        raise BadEnvironment(f"IDENTITY_KEYS: {error}") from error


def _refuse_unsafe_combinations(found: Environment) -> None:
    if found.debug and found.is_secure:
        raise BadEnvironment("DEBUG: shows the insides to everybody; it must be off where SITE_URL is https")
    if found.web_concurrency == 1:
        return
    if not found.redis_url:
        raise BadEnvironment(
            "WEB_CONCURRENCY: more than one process needs REDIS_URL (memory can't be shared)"
        )
    if "sqlite" in found.database["ENGINE"]:
        raise BadEnvironment(
            "WEB_CONCURRENCY: more than one process needs PostgreSQL (SQLite has one writer)"
        )
