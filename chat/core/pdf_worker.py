"""Looks for what a PDF could do besides being read, and writes it anew.

Run as `python -m chat.core.pdf_worker`; the file comes on the standard input.
"""

from collections.abc import Iterator
from io import BytesIO

import pikepdf

from chat.core.refusal import AttachmentRefused
from chat.core.worker import Answer, serve

MAX_OBJECTS = 100_000
MAX_DEPTH = 200

_ACTIVE_KEYS = {
    "/JS": "javascript",
    "/JavaScript": "javascript",
    "/AA": "action",
    "/XFA": "xfa",
    "/EmbeddedFiles": "embedded_file",
    "/EF": "embedded_file",
    "/RichMediaContent": "media",
    "/RichMediaSettings": "media",
}
_ACTIVE_NAMES = {
    "/JavaScript": "javascript",
    "/Launch": "launch",
    "/SubmitForm": "action",
    "/ImportData": "action",
    "/GoToR": "action",
    "/GoToE": "embedded_file",
    "/Rendition": "media",
    "/Movie": "media",
    "/RichMediaExecute": "media",
    "/RichMedia": "media",
    "/Screen": "media",
    "/3D": "media",
    "/EmbeddedFile": "embedded_file",
    "/FileAttachment": "embedded_file",
}
_NAMING_KEYS = ("/S", "/Subtype", "/Type")
_LINKS = ("http://", "https://", "mailto:", "tel:")


def rewrite(data: bytes) -> Answer:
    """Refuse active content; write only what the pages need, without author, history and other metadata."""
    try:
        with pikepdf.open(BytesIO(data)) as document:
            if document.is_encrypted:
                raise AttachmentRefused("pdf_active", reason="encrypted")
            _check(document)
            return {"pages": len(document.pages)}, _written(document)
    except pikepdf.PasswordError as problem:
        raise AttachmentRefused("pdf_active", reason="encrypted") from problem
    except (pikepdf.PdfError, pikepdf.DataDecodingError, RuntimeError, ValueError, TypeError) as problem:
        raise AttachmentRefused("broken") from problem


def _check(document: pikepdf.Pdf) -> None:
    if len(document.objects) > MAX_OBJECTS:
        raise AttachmentRefused("bomb")
    if not len(document.pages):
        raise AttachmentRefused("broken")
    for dictionary in _dictionaries(document):
        if reason := _activity(dictionary):
            raise AttachmentRefused("pdf_active", reason=reason)


def _dictionaries(document: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Every dictionary of the file, those of streams and those inside others included, reachable or not."""
    waiting = [(found, 0) for found in (*document.objects, document.trailer)]
    while waiting:
        found, depth = waiting.pop()
        if depth > MAX_DEPTH:
            raise AttachmentRefused("bomb")
        if isinstance(found, pikepdf.Array):
            children = list(found)
        elif isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
            yield found
            children = [found[key] for key in found.keys()]  # noqa: SIM118 - pikepdf's objects iterate otherwise
        else:
            continue
        # What an object points to is in the list of objects itself.
        waiting += [
            (child, depth + 1)
            for child in children
            if isinstance(child, pikepdf.Object) and not child.is_indirect
        ]


def _activity(dictionary: pikepdf.Object) -> str:
    """What the dictionary would do by itself, or nothing."""
    for key in dictionary.keys():  # noqa: SIM118
        if reason := _ACTIVE_KEYS.get(key):
            return reason
    for key in _NAMING_KEYS:
        if reason := _ACTIVE_NAMES.get(str(dictionary.get(key, ""))):
            return reason
    if "/OpenAction" in dictionary and not _only_goes_to_a_page(dictionary["/OpenAction"]):
        return "action"
    if "/URI" in dictionary and dictionary.get("/S") == pikepdf.Name.URI:
        address = str(dictionary["/URI"]).strip().lower()
        return "" if address.startswith(_LINKS) else "link"
    return ""


def _only_goes_to_a_page(action: pikepdf.Object) -> bool:
    if isinstance(action, pikepdf.Dictionary):
        return action.get("/S") == pikepdf.Name.GoTo and "/Next" not in action
    return isinstance(action, pikepdf.Array | pikepdf.Name | pikepdf.String)


def _written(document: pikepdf.Pdf) -> bytes:
    if "/Info" in document.trailer:
        del document.trailer["/Info"]
    for dictionary in _dictionaries(document):
        for key in ("/Metadata", "/PieceInfo"):
            if key in dictionary:
                del dictionary[key]
    output = BytesIO()
    # The same file sent twice must give the same bytes.
    document.save(output, deterministic_id=True)
    return output.getvalue()


if __name__ == "__main__":
    serve(rewrite)
