"""axe finds nothing in any state of the messenger, in either theme, on a phone and at a desk."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.browser.customer import agent
from tests.browser.messenger_states import SILENT, walk
from tests.browser.test_accessibility import RULES

SIZES = {"phone": {"width": 390, "height": 844}, "desk": {"width": 1280, "height": 800}}


@pytest.mark.parametrize(
    "language, theme, size", [("en", "light", "phone"), ("en", "dark", "desk"), ("zh-hans", "dark", "phone")]
)
def test_axe_finds_no_violation_in_any_state(site, open_context, language, theme, size):
    desk = agent(open_context(bypass_csp=True), site.password)
    desk.evaluate(SILENT)
    page = open_context(viewport=SIZES[size], color_scheme=theme, reduced_motion="reduce").new_page()
    question = "My payment failed" if language == "en" else "付款失败但是钱扣了"

    found = {state: violations(page) for state in walk(page, desk, language, question)}

    desk.evaluate(SILENT)
    assert {state: problems for state, problems in found.items() if problems} == {}
    assert len(found) == 17


def violations(page: Page) -> list[tuple[str, list[str]]]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [(v["id"], [node["html"][:160] for node in v["nodes"]]) for v in found]
