"""What a browser would send for a form on a page: every field as the page shows it."""

from __future__ import annotations

from html.parser import HTMLParser

UNSENT = {"submit", "button", "reset", "image"}
Attributes = list[tuple[str, str | None]]


def form_fields(html: str, form_id: str) -> dict[str, str | list[str]]:
    """The names and values of a form, with the line ends that browsers send."""
    reader = _Reader(form_id)
    reader.feed(html)
    assert reader.is_found, f"no form {form_id}"
    return {name: values[0] if len(values) == 1 else values for name, values in reader.fields.items()}


class _Reader(HTMLParser):
    def __init__(self, form_id: str) -> None:
        super().__init__()
        self.form_id, self.is_found, self._is_inside = form_id, False, False
        self.fields: dict[str, list[str]] = {}
        self._select, self._area, self._text = "", "", ""

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        found = {name: value or "" for name, value in attrs}
        if tag == "form":
            self._is_inside = found.get("id") == self.form_id
            self.is_found = self.is_found or self._is_inside
        elif self._is_inside and tag == "input":
            self._input(found)
        elif self._is_inside and tag == "textarea":
            self._area, self._text = found["name"], ""
        elif self._is_inside and tag == "select":
            self._select = found.get("name", "")
        elif self._select and tag == "option" and "selected" in found:
            self._add(self._select, found["value"])

    def _input(self, found: dict[str, str]) -> None:
        kind = found.get("type", "text")
        is_chosen = kind not in ("radio", "checkbox") or "checked" in found
        if "name" in found and kind not in UNSENT and is_chosen:
            self._add(found["name"], found.get("value", "" if kind not in ("radio", "checkbox") else "on"))

    def handle_data(self, data: str) -> None:
        if self._area:
            self._text += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._is_inside = False
        elif tag == "select":
            self._select = ""
        elif tag == "textarea" and self._area:
            # A line break right after the tag belongs to the markup.
            text = self._text.removeprefix("\n")
            self._add(self._area, text.replace("\n", "\r\n"))
            self._area = ""

    def _add(self, name: str, value: str) -> None:
        self.fields.setdefault(name, []).append(value)
