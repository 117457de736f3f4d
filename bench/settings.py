"""The product's settings, without the limit that would turn the one client of a bench away."""

from helpcenter.settings import *  # noqa: F403

SEARCH_RATE = "1000000/10s"
