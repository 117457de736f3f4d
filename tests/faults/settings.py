"""The product's settings with shorter times, so that what takes minutes for people takes seconds in a test."""

from datetime import timedelta

from chat.core.presence import Timings
from helpcenter.settings import *  # noqa: F403
from helpcenter.settings import STORAGES

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = STORAGES | {"staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}}
WHITENOISE_AUTOREFRESH = True
# An agent's client gives a sign of life every 2 s, which prolongs the lease at most every 8 s.
CHAT_TIMINGS = Timings(
    lease=timedelta(seconds=14),
    requeue_after=timedelta(seconds=4),
    offer=timedelta(seconds=10),
    nobody_after=timedelta(minutes=10),
)
