"""Secrets and personal numbers in what people type: found and hidden before anything is stored.

Pure: no Django, no clock. Call `mask_text` on every text before its INSERT, `mask_url` and `mask_filename`
on addresses and file names, `split_secret` on the last messages of the same writer, and `asks_for_secret`
on what an agent is about to send.
"""

from .asking import asks_for_secret
from .findings import HIDDEN, Finding, Kind, Masked
from .pieces import split_secret
from .places import mask_filename, mask_url
from .texts import mask_text, mentions_code

__all__ = [
    "HIDDEN",
    "Finding",
    "Kind",
    "Masked",
    "asks_for_secret",
    "mask_filename",
    "mask_text",
    "mask_url",
    "mentions_code",
    "split_secret",
]
