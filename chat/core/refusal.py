"""Why a file is not taken."""

from typing import Any


class AttachmentRefused(Exception):
    """A file that is not taken: `code` says why, `params` with which limit; forms find the words.

    Codes: empty, too_large (max_bytes), type (allowed), mismatch, too_many_pixels (max_pixels), bomb, broken,
    pdf_active (reason), text_encoding.
    """

    def __init__(self, code: str, **params: Any) -> None:
        super().__init__(code)
        self.code = code
        self.params = params
