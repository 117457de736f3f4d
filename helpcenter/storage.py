"""Static files under names that hold their hash, so that browsers may keep them for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class HashedStaticStorage(CompressedManifestStaticFilesStorage):
    """Whitenoise's storage that also rewrites `import … from "./x.js"` in our own modules.

    Django can rewrite module imports everywhere, but then trips over third-party files that mention an
    import they don't ship; so only files directly below js/ take part.
    """

    # A name holds the hash of what its module imports, so each pass settles one more level of imports.
    max_post_process_passes = 20
    patterns = (
        *CompressedManifestStaticFilesStorage.patterns,
        ("js/*.js", CompressedManifestStaticFilesStorage._js_module_import_aggregation_patterns[1]),
    )
