"""The product's settings with what tests need otherwise: speed, and nothing kept outside a temporary folder."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("HELPCENTER_ENV_FILE", os.devnull)
from helpcenter.settings import *  # noqa: F403
from helpcenter.settings import CACHES, DATABASES, IS_SQLITE, LOGGING, REDIS_URL, STORAGES

_scratch = Path(tempfile.gettempdir()) / f"helpcenter-tests-{os.getuid()}"
_scratch.mkdir(exist_ok=True)

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
MEDIA_ROOT = _scratch / "media"
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
LOGGING = LOGGING | {"root": {"handlers": [], "level": "WARNING"}, "loggers": {}}
if IS_SQLITE:
    DATABASES["default"]["TEST"] = {"NAME": str(_scratch / f"test-{os.getpid()}.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
if REDIS_URL:
    # Each worker process has a database of its own, because tests empty it.
    _worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
    REDIS_URL = f"{REDIS_URL.rsplit('/', 1)[0]}/{_worker}"
    CACHES["default"]["LOCATION"] = REDIS_URL
