"""Articles' Markdown to safe HTML, once, when it is saved; pure text in, plain values out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from mdit_py_plugins.container import container_plugin

INTERNAL_LINK = re.compile(r"^(article|guide|page):([a-z0-9-]+)$")
NOTE_KINDS = ("warning", "tip")
ALLOWED_TAGS = {
    *("p", "h2", "h3", "ol", "ul", "li", "strong", "em", "code", "a", "br", "hr", "blockquote"),
    *("table", "thead", "tbody", "tr", "th", "td", "div", "aside"),
}
ALLOWED_ATTRIBUTES = {
    "a": {"href", "rel"},
    "h2": {"id"},
    "h3": {"id"},
    "ol": {"class", "start"},
    "aside": {"class"},
    "p": {"class"},
    "div": {"class", "tabindex", "role"},
    "th": {"scope"},
}
ALLOWED_SCHEMES = {"https", "mailto", "tel"}


@dataclass(frozen=True)
class Heading:
    """A section of the text that the table of contents can lead to."""

    id: str
    text: str
    level: int


@dataclass(frozen=True)
class Rendered:
    """Everything a page, a search index and a crawler need of one text."""

    html: str
    plain_text: str
    headings: tuple[Heading, ...]
    steps: tuple[str, ...]


LinkResolver = Callable[[str, str], str]


def render(markdown: str, resolve_link: LinkResolver) -> Rendered:
    """Render `markdown`; `resolve_link(kind, name)` gives the address of `article:`, `guide:` and `page:` links."""
    parser = _parser()
    tokens = parser.parse(markdown)
    _resolve_links(tokens, resolve_link)
    headings = _number_headings(tokens)
    _mark_step_lists(tokens)
    html = parser.renderer.render(tokens, parser.options, {})
    return Rendered(
        html=_clean(_wrap_tables(html)),
        plain_text=_plain_text(tokens),
        headings=headings,
        steps=_steps(tokens),
    )


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    for kind in NOTE_KINDS:
        parser.use(container_plugin, kind, render=_note_renderer(kind))
    return parser


def _note_renderer(kind: str) -> Callable[..., str]:
    def render_note(_self: object, tokens: list[Token], index: int, _options: object, _env: object) -> str:
        if tokens[index].nesting != 1:
            return "</aside>\n"
        title = tokens[index].info.strip().removeprefix(kind).strip()
        heading = f'<p class="note-title"><strong>{_escape(title)}</strong></p>' if title else ""
        return f'<aside class="note {kind}">{heading}\n'

    return render_note


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;")


def _resolve_links(tokens: list[Token], resolve_link: LinkResolver) -> None:
    for token in tokens:
        for child in token.children or []:
            href = child.attrGet("href") if child.type == "link_open" else None
            match = INTERNAL_LINK.match(str(href or ""))
            if match:
                child.attrSet("href", resolve_link(match[1], match[2]))


def _number_headings(tokens: list[Token]) -> tuple[Heading, ...]:
    """Give h2 and h3 an id that stays the same while the order does, whatever the language."""
    headings: list[Heading] = []
    for index, token in enumerate(tokens):
        if token.type == "heading_open" and token.tag in ("h2", "h3"):
            heading = Heading(f"s{len(headings) + 1}", _inline_text(tokens[index + 1]), int(token.tag[1]))
            token.attrSet("id", heading.id)
            headings.append(heading)
    return tuple(headings)


def _mark_step_lists(tokens: list[Token]) -> None:
    for token in tokens:
        if token.type == "ordered_list_open" and token.level == 0:
            token.attrSet("class", "steps")


def _steps(tokens: list[Token]) -> tuple[str, ...]:
    """The items of the first ordered list: what a crawler is told as HowTo."""
    steps: list[str] = []
    inside = False
    for token in tokens:
        if token.type == "ordered_list_open" and token.level == 0:
            inside = True
        elif token.type == "ordered_list_close" and token.level == 0:
            break
        elif inside and token.type == "list_item_open" and token.level == 1:
            steps.append("")
        elif inside and token.type == "inline" and steps:
            steps[-1] = f"{steps[-1]} {_inline_text(token)}".strip()
    return tuple(steps)


def _inline_text(token: Token) -> str:
    return "".join(_text_of(child) for child in token.children or []).strip()


def _plain_text(tokens: list[Token]) -> str:
    lines = []
    for token in tokens:
        if token.type == "inline":
            lines.append(_inline_text(token))
        elif token.type.startswith("container_") and token.nesting == 1:
            lines.append(re.sub(r"^\s*\w+\s*", "", token.info))
    return "\n".join(line for line in lines if line)


def _text_of(child: Token) -> str:
    if child.type in ("softbreak", "hardbreak"):
        return " "
    return child.content


def _wrap_tables(html: str) -> str:
    html = html.replace("<th>", '<th scope="col">')
    return html.replace("<table>", '<div class="table" tabindex="0" role="region"><table>').replace(
        "</table>", "</table></div>"
    )


def _clean(html: str) -> str:
    return nh3.clean(
        html,
        tags=ALLOWED_TAGS,
        attributes=ALLOWED_ATTRIBUTES,
        url_schemes=ALLOWED_SCHEMES,
        link_rel=None,
    )
