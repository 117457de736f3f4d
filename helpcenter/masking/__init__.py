"""Secrets and personal numbers in what people type: found and hidden before anything is stored.

Pure: no Django, no clock. Call `mask_text` on every text before its INSERT, `mask_url` and `mask_filename`
on addresses and file names, `may_be_piece` and `mask_piece` where the same writer sends many texts, and
`asks_for_secret` on what an agent is about to send.
"""

from .asking import asks_for_secret
from .findings import HIDDEN, Finding, Kind, Masked
from .pieces import MaskedPiece, mask_piece, may_be_piece, split_secret
from .places import mask_filename, mask_url
from .texts import mask_text, mentions_code

__all__ = [
    "HIDDEN",
    "Finding",
    "Kind",
    "Masked",
    "MaskedPiece",
    "asks_for_secret",
    "mask_filename",
    "mask_piece",
    "mask_text",
    "mask_url",
    "may_be_piece",
    "mentions_code",
    "split_secret",
]
