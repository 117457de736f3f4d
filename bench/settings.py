"""The product's settings, without the limit that would turn the one client of a bench away."""

import os
from pathlib import Path

from helpcenter.settings import *  # noqa: F403

# A run leaves nothing behind but its figures.
STATIC_ROOT = Path(os.environ["BENCH_FOLDER"]) / "static"

SEARCH_RATE = "100000/s"

# For the plain way only, which the product is measured beside.
CHANNEL_LAYERS = {"default": {"BACKEND": "channels.layers.InMemoryChannelLayer"}}
