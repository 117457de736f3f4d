"""The product's own settings; only what a run writes stays in the run's folder."""

import os
from datetime import timedelta
from pathlib import Path

from chat.core.presence import Timings
from helpcenter.settings import *  # noqa: F403

STATIC_ROOT = Path(os.environ["HELPCENTER_TEST_FOLDER"]) / "static"
EMAIL_BACKEND = "django.core.mail.backends.dummy.EmailBackend"
if "HELPCENTER_TEST_BRISK" in os.environ:
    # For what happens when nobody does anything. A lease must outlive the pause between two beats of a desk.
    CHAT_TIMINGS = Timings(
        lease=timedelta(seconds=30), offer=timedelta(seconds=4), requeue_after=timedelta(seconds=1)
    )
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
