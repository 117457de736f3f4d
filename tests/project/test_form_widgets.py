"""Widgets that are written straight look exactly as Django's own templates would make them."""

import re

import pytest
from django import forms
from django.forms.renderers import DjangoTemplates
from django.utils.safestring import mark_safe

from chat.forms import ContactForm
from helpcenter.form_widgets import StraightRenderer

pytestmark = pytest.mark.once

# Django leaves empty lines between the options, which nobody sees.
GAP = re.compile(r"(?<=>)\s+(?=<)")
NASTY = "\"><script>alert('x')</script>&amp;"
CHOICES = [
    ("", "—"),
    (1, "One & only"),
    (NASTY, NASTY),
    ("Group <b>", [("a", mark_safe("<i>A</i>")), ("b", "B")]),
]


def both(widget, value, **attributes):
    return [
        widget.render("the<name>", value, attributes, made)
        for made in (StraightRenderer(), DjangoTemplates())
    ]


@pytest.mark.parametrize(
    "widget",
    [
        forms.TextInput(),
        forms.EmailInput(),
        forms.HiddenInput(),
        forms.NumberInput(),
        forms.URLInput(),
        forms.Textarea(),
        forms.Select(choices=CHOICES),
        forms.SelectMultiple(choices=CHOICES),
        forms.CheckboxInput(),
        forms.RadioSelect(choices=CHOICES),
    ],
    ids=lambda widget: type(widget).__name__,
)
@pytest.mark.parametrize("value", [None, "", 0, 1, NASTY, "\n支付", mark_safe("<b>")])
def test_a_widget_has_djangos_html(widget, value):
    attributes = {"id": NASTY, "required": True, "disabled": False, "data-limit": 2000, "title": "支付"}

    straight, djangos = both(widget, value, **attributes)

    assert GAP.sub("", straight) == GAP.sub("", djangos)
    assert isinstance(straight, type(djangos))


@pytest.mark.django_db
@pytest.mark.usefixtures("content")
def test_the_contact_form_has_djangos_html():
    form = ContactForm(initial={"name": NASTY, "problem": NASTY, "topic": "payments", "email": "x"})
    straight = [GAP.sub("", str(field)) for field in form]

    form.renderer = DjangoTemplates()

    assert [GAP.sub("", str(field)) for field in form] == straight
