"""Compiles the catalogues of translations, so that no other tool is needed to start the site."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

LOCALE_DIR = Path(__file__).resolve().parent / "locale"


def compile_catalogues(folder: Path = LOCALE_DIR) -> list[Path]:
    """Write a .mo file beside every .po file that is newer; returns those written."""
    written = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
            continue
        with source.open("rb") as file:
            catalogue = read_po(file)
        # Written beside and renamed, so that a process starting meanwhile never reads half a catalogue.
        fresh = target.with_suffix(".new")
        with fresh.open("wb") as file:
            write_mo(file, catalogue)
        fresh.replace(target)
        written.append(target)
    return written
