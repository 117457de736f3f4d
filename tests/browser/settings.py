"""The product's own settings; only what a run writes stays in the run's folder."""

import os
from pathlib import Path

from helpcenter.settings import *  # noqa: F403

STATIC_ROOT = Path(os.environ["HELPCENTER_TEST_FOLDER"]) / "static"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
