"""A second factor in a real browser: the app, a security key, and pages that everybody can use."""

import re
import time

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal import auth as totp
from axe_playwright_python.sync_playwright import Axe
from django.contrib.auth import get_user_model

from tests.chat.cast import group

PASSWORD = "long-enough-password"
FACTORS = "/desk/account/second-factor/"
PAGES = ("", "app/", "keys/add/")
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def account(content):
    """An administrator, who sees every page there is."""
    user = get_user_model().objects.create_user("wang.fang", password=PASSWORD, is_staff=True)
    user.groups.add(group("Administrators"))
    return user


@pytest.fixture
def at_home(live_server, open_context, account):
    """Makes pages on `localhost`, where browsers allow security keys; signed in unless told otherwise."""

    def make(path=None, **options):
        page = open_context(**options).new_page()
        page.goto(f"{live_server.url}/desk/login/?next={path or FACTORS}")
        page.fill("[name=username]", "wang.fang")
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_load_state()
        return page

    return make


def virtual_key(page):
    """A security key that is touched by itself."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "usb", "hasUserVerification": True, "isUserVerified": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def code_for(secret, steps=0):
    return totp.format_hotp_value(totp.hotp_value(secret, int(time.time()) // 30 + steps))


def test_an_app_is_set_up_and_asked_for(at_home, live_server):
    page = at_home()
    page.click(f"a[href='{FACTORS}app/']")
    secret = page.locator(".secret").inner_text()
    page.fill("[name=code]", code_for(secret))
    page.press("[name=code]", "Enter")
    page.wait_for_url("**/codes/")
    assert page.locator(".codes code").count() == 10

    again = at_home()
    assert again.url.endswith("/desk/login/second-step/")
    again.fill("[name=code]", code_for(secret, 1))
    again.press("[name=code]", "Enter")
    again.wait_for_url(f"**{FACTORS}")


def test_a_security_key_is_added_asked_for_and_removed(at_home, live_server):
    page = at_home()
    virtual_key(page)
    page.click(f"a[href='{FACTORS}keys/add/']")
    page.fill("[name=name]", "Blue key")
    page.click("[data-touch]")
    page.wait_for_url("**/codes/")
    assert Authenticator.objects.get(type="webauthn").wrap().name == "Blue key"

    page.locator("form[action$='/desk/logout/'] button").click()
    page.goto(f"{live_server.url}/desk/login/?next={FACTORS}")
    page.fill("[name=username]", "wang.fang")
    page.fill("[name=password]", PASSWORD)
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/second-step/")
    page.click("[data-touch]")
    page.wait_for_url(f"**{FACTORS}")
    page.get_by_text("Blue key").first.wait_for()
    page.click(".factor-list a")
    page.click("main form.form button")
    page.wait_for_url(f"**{FACTORS}")
    assert not Authenticator.objects.exists()


def test_a_key_that_does_not_answer_is_told(at_home):
    page = at_home(f"{FACTORS}keys/add/")
    page.evaluate(
        "void (navigator.credentials.create = () => Promise.reject(new DOMException('', 'NotAllowedError')))"
    )
    page.click("[data-touch]")

    page.locator("[data-problem]").wait_for(state="visible")
    assert not Authenticator.objects.exists()


def test_everything_but_keys_works_without_javascript(at_home):
    page = at_home(java_script_enabled=False)
    page.click(f"a[href='{FACTORS}app/']")
    page.fill("[name=code]", code_for(page.locator(".secret").inner_text()))
    page.click("main form.form button")

    assert page.url.endswith("/codes/")
    assert re.search(r"\d{8}", page.locator(".codes").inner_text())


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_the_pages_of_an_account(at_home, live_server, theme):
    page = at_home(color_scheme=theme, reduced_motion="reduce", viewport={"width": 390, "height": 844})
    account = "/desk/account/"
    paths = [
        *(FACTORS + one for one in PAGES),
        *(account + one for one in ("password/", "sessions/", "log/")),
    ]
    for path in paths:
        page.goto(live_server.url + path)
        found = Axe().run(page).response["violations"]
        assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_on_the_way_in(at_home, open_context, live_server, theme):
    page = at_home(f"{FACTORS}app/", color_scheme=theme)
    page.fill("[name=code]", code_for(page.locator(".secret").inner_text()))
    page.press("[name=code]", "Enter")
    page.wait_for_url("**/codes/")
    assert Axe().run(page).response["violations"] == []

    step = at_home(color_scheme=theme, reduced_motion="reduce")
    assert Axe().run(step).response["violations"] == []
    step.fill("[name=code]", "000000")
    step.press("[name=code]", "Enter")
    step.locator(".error-summary").wait_for()
    assert Axe().run(step).response["violations"] == []
