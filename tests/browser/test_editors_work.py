"""An editor signs in, writes, and customers read it; the editors' pages are accessible and obey the CSP."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import DEMO_PASSWORD
from tests.browser.test_accessibility import RULES

PAGES = ["/admin/", "/admin/faq/todo/", "/admin/faq/article/", "/admin/faq/guide/", "/admin/faq/synonym/add/"]


@pytest.fixture
def signed_in(open_context: Callable[..., BrowserContext]) -> Callable[..., Page]:
    """Signs editor1 in, in a window of their own."""

    def enter(**options: object) -> Page:
        page = open_context(viewport={"width": 1280, "height": 900}, **options).new_page()
        page.goto("/admin/login/?next=/admin/")
        page.locator("#id_username").fill("editor1")
        page.locator("#id_password").fill(DEMO_PASSWORD)
        page.locator("#id_password").press("Enter")
        expect(page.locator("#user-tools")).to_contain_text("editor1")
        return page

    return enter


def open_article(page: Page, slug: str) -> None:
    page.goto(f"/admin/faq/article/?q={slug}")
    row = page.locator("#result_list tbody tr", has=page.get_by_role("cell", name=slug, exact=True))
    row.locator("th a").click()
    expect(page.locator("#id_slug")).to_have_value(slug)


def test_what_an_editor_publishes_is_on_the_site(signed_in, page: Page) -> None:
    desk = signed_in()
    open_article(desk, "bank-card-limits")
    column = desk.get_by_role("group", name="English")

    column.locator("textarea[id$=body]").fill("## Fresh words\n\n1. first\n2. second")
    preview = column.frame_locator("iframe").locator("#preview")
    expect(preview.get_by_role("heading", name="Fresh words")).to_be_visible()
    desk.locator("input[name=_continue]").click()
    expect(desk.locator(".messagelist")).to_contain_text("English")

    page.goto("/en/articles/bank-card-limits/")
    expect(page.get_by_role("heading", name="Fresh words")).to_be_visible()


def test_dates_and_related_articles_are_chosen_under_the_content_policy(signed_in) -> None:
    page = signed_in()
    open_article(page, "clear-cache")

    page.locator(".field-related .select2-selection").click()
    page.keyboard.type("two-factor")
    page.locator(".select2-results__option", has_text="two-factor").click()
    page.locator(".datetimeshortcuts a").first.click()

    expect(page.locator(".field-related .select2-selection")).to_contain_text("two-factor")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_article_form_is_accessible_in_two_columns(signed_in, theme: str) -> None:
    page = signed_in(color_scheme=theme, reduced_motion="reduce")
    open_article(page, "two-factor")
    left, right = (page.get_by_role("group", name=name).bounding_box() for name in ("简体中文", "English"))

    assert left["x"] + left["width"] <= right["x"]
    assert violations(page) == []


@pytest.mark.parametrize("path", PAGES)
def test_the_editors_pages_are_accessible(signed_in, path: str) -> None:
    page = signed_in(reduced_motion="reduce")
    page.goto(path, wait_until="networkidle")

    assert violations(page) == []


def test_the_columns_stand_below_each_other_on_a_phone(signed_in) -> None:
    page = signed_in()
    open_article(page, "two-factor")
    page.set_viewport_size({"width": 390, "height": 844})
    left, right = (page.get_by_role("group", name=name).bounding_box() for name in ("简体中文", "English"))

    assert left["y"] + left["height"] <= right["y"]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def violations(page: Page) -> list[object]:
    # Reading style sheets that import others, axe would itself add inline styles and break the policy.
    # What select2 draws for the related articles comes with Django.
    context = {"exclude": [[".select2-selection__rendered"]]}
    found = Axe().run(page, context=context, options=RULES | {"preload": False}).response["violations"]
    return [(v["id"], [node["html"][:160] for node in v["nodes"]][:4]) for v in found]
