"""The parts that all pages of a language share are rendered once, and anew when the contacts change."""

import pytest
from django.test.utils import override_script_prefix

from faq.models import ContactChannel
from faq.services import content_version

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]


def footer(client, page):
    html = client.get(page).content.decode()
    return html[html.index("<footer") : html.index("</footer>")]


def test_every_page_of_a_language_has_one_footer(client):
    footers = {footer(client, f"/en/{page}") for page in ("", "search/", "contact/email/", "official/")}

    assert len(footers) == 1


def test_each_language_has_a_footer_of_its_own(client):
    chinese, english = footer(client, "/zh-hans/search/"), footer(client, "/en/search/")

    assert 'href="/zh-hans/contact/"' in chinese
    assert 'href="/en/contact/"' in english
    assert "Talk to a person" not in chinese


def test_a_changed_contact_shows_in_the_footer(client, django_capture_on_commit_callbacks):
    footer(client, "/en/search/")

    with django_capture_on_commit_callbacks(execute=True):
        ContactChannel.objects.filter(kind="phone").update(value="400 000 0000")
        content_version.bump()

    assert "400 000 0000" in footer(client, "/en/search/")


def test_an_address_below_a_prefix_does_not_leak_into_other_requests(client):
    with override_script_prefix("/help/"):
        below = footer(client, "/en/search/")

    assert 'href="/help/en/contact/"' in below
    assert 'href="/en/contact/"' in footer(client, "/en/search/")
