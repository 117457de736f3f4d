"""Static files under names that hold their hash, so that browsers may keep them for ever."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage
from minify import string as minify
from whitenoise.storage import CompressedManifestStaticFilesStorage

OWN_SCRIPTS = "js/"


class HashedStaticStorage(CompressedManifestStaticFilesStorage):
    """Whitenoise's storage that also rewrites `import … from "./x.js"` in our own modules, and makes them smaller.

    Django can rewrite module imports everywhere, but then trips over third-party files that mention an
    import they don't ship; so only files below js/ take part.
    """

    # A name holds the hash of what its module imports, so each pass settles one more level of imports.
    max_post_process_passes = 20
    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("js/*.js", CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]),
    )

    def post_process(self, paths: dict[str, Any], dry_run: bool = False, **options: Any) -> Iterator[Any]:
        """Process the collected files, our scripts smaller: a third of what they weigh goes."""
        smaller = {
            name: (Smaller(storage) if name.startswith(OWN_SCRIPTS) else storage, path)
            for name, (storage, path) in paths.items()
        }
        yield from super().post_process(smaller, dry_run, **options)


class Smaller:
    """Opens the scripts of a storage as browsers get them."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def open(self, path: str) -> File:
        """The script without comments and needless spaces, and with short names inside its functions."""
        with self._storage.open(path) as file:
            return ContentFile(minify("text/javascript", file.read().decode()).encode())
