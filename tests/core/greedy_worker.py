"""A worker that wants more memory than any file is worth; started by `test_attachments.py`."""

from chat.core.worker import MEMORY_BYTES, Answer, serve


def take(data: bytes) -> Answer:
    return {}, bytes(2 * MEMORY_BYTES)


if __name__ == "__main__":
    serve(take)
