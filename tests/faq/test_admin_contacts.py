"""An editor changes contacts, hours and notices; what makes no sense is refused."""

import pytest
from django.utils import timezone

from faq.models import ContactChannel, OpeningRange, ServiceNotice, SpecialDay
from tests.forms import form_fields

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]


def add(editor, model, **data):
    return editor.post(f"/admin/faq/{model._meta.model_name}/add/", data).content.decode()


def notice(**changes):
    today = f"{timezone.localdate():%Y-%m-%d}"
    return {"text_0": "慢", "text_1": "Slow", "starts_at_0": today, "starts_at_1": "08:00:00"} | changes


def test_a_notice_is_on_the_home_page(editor, visitor):
    add(editor, ServiceNotice, **notice(starts_at_1="00:00:00"))

    assert "Slow" in visitor.get("/en/").content.decode()


def test_a_notice_that_ends_before_it_starts_is_refused(editor):
    page = add(editor, ServiceNotice, **notice(ends_at_0="2020-01-01", ends_at_1="08:00:00"))

    assert "The notice would end before it starts." in page
    assert not ServiceNotice.objects.exists()


@pytest.mark.parametrize("url", ["javascript:alert(1)", "//evil.example", "http://plain.example", "data:x"])
def test_a_link_that_no_page_may_hold_is_refused(editor, url):
    assert "A link starts with https://" in add(editor, ServiceNotice, **notice(url=url))
    assert not ServiceNotice.objects.exists()


def test_a_working_day_without_hours_is_refused(editor):
    page = add(editor, SpecialDay, date="2029-01-02", is_working="on", note_1="Made up")

    assert "Say from when to when this day is worked." in page
    assert not SpecialDay.objects.filter(date="2029-01-02").exists()


def test_a_channel_gets_hours_of_its_own(editor):
    phone = ContactChannel.objects.get(kind="phone")
    url = f"/admin/faq/contactchannel/{phone.pk}/change/"
    data = form_fields(editor.get(url).content.decode(), "contactchannel_form")
    total = int(data["opening_ranges-TOTAL_FORMS"])
    new = {"weekday": "6", "opens": "10:00", "closes": "02:00"}
    data |= {f"opening_ranges-{total}-{name}": value for name, value in new.items()}

    editor.post(url, data | {"opening_ranges-TOTAL_FORMS": total + 1})

    assert OpeningRange.objects.filter(channel=phone, weekday=6, opens="10:00").exists()


def test_the_hours_of_all_channels_are_listed_without_those_of_one(editor):
    phone = ContactChannel.objects.get(kind="phone")
    OpeningRange.objects.create(channel=phone, weekday=6, opens="03:33", closes="04:44")

    page = editor.get("/admin/faq/openingrange/").content.decode()

    assert "3:33" not in page
    assert "Monday" in page


def test_both_languages_stand_side_by_side_with_labels(editor):
    page = editor.get("/admin/faq/contactchannel/add/").content.decode()

    assert '<label for="id_label_0" lang="zh-Hans">简体中文</label>' in page
    assert '<label for="id_label_1" lang="en">English</label>' in page
