"""The index of what customers can find."""

from faq.models import Translation


def write_document(translation: Translation) -> None:
    """Analyse a translation for search, inside the transaction that saves it."""
