from html.parser import HTMLParser

import pytest

from faq.core.markup import Heading, render


class TagReader(HTMLParser):
    """What a browser would take for markup."""

    def __init__(self) -> None:
        super().__init__()
        self.tags, self.attributes, self.links = set(), set(), []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        self.links += [value for name, value in attrs if name == "href"]


def resolve(kind: str, name: str) -> str:
    return f"/{kind}/{name}/"


def html(markdown: str) -> str:
    return render(markdown, resolve).html


def test_headings_get_ids_and_a_table_of_contents():
    found = render("## 先看**这里**\n\n文字\n\n### 再看\n", resolve)

    assert found.headings == (Heading("s1", "先看这里", 2), Heading("s2", "再看", 3))
    assert '<h2 id="s1">' in found.html


def test_ordered_lists_become_steps():
    found = render("1. 打开**设置**\n2. 点“清除缓存”\n\n文字\n\n1. 别的\n", resolve)

    assert found.steps == ("打开设置", "点“清除缓存”")
    assert found.html.count('<ol class="steps">') == 2


@pytest.mark.parametrize("kind", ["article", "guide", "page"])
def test_internal_links_get_their_address(kind):
    assert f'<a href="/{kind}/payment-failed/">看</a>' in html(f"[看]({kind}:payment-failed)")


def test_notes_are_set_apart_with_their_title():
    rendered = html("::: warning 小心 <b>\n别给验证码。\n:::\n")

    assert '<aside class="note warning">' in rendered
    assert "小心 &lt;b&gt;" in rendered
    assert "别给验证码" in rendered


def test_tables_can_be_scrolled_and_name_their_columns():
    rendered = html("| 方式 | 适合 |\n| --- | --- |\n| 电话 | 说清楚 |\n")

    assert '<div class="table" tabindex="0" role="region"' in rendered
    assert '<th scope="col">方式</th>' in rendered


@pytest.mark.parametrize(
    "attack",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html,<script>alert(1)</script>)",
        "![x](https://evil.example/p.png)",
        '<a href="https://evil.example" onclick="x()">x</a>',
        "::: warning <img src=x onerror=alert(1)>\nx\n:::",
    ],
)
def test_nothing_executable_survives(attack):
    reader = TagReader()
    reader.feed(html(attack))

    assert reader.tags <= {"p", "a", "aside", "strong"}
    assert reader.attributes <= {"class", "href"}
    assert all(not link.startswith(("javascript:", "data:")) for link in reader.links)


def test_plain_text_holds_every_word_once():
    text = render("## 标题\n\n第一段**粗体**。\n\n::: tip 提示\n内容\n:::\n", resolve).plain_text

    assert text == "标题\n第一段粗体。\n提示\n内容"


def test_empty_text_renders_to_nothing():
    assert render("", resolve).html == ""
