"""The four ways to a person, and whether somebody is there now."""

from __future__ import annotations

from io import BytesIO

import segno
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from faq.services import contacts
from helpcenter.page_cache.decorators import public_page


@require_safe
@public_page()
def contact(request: HttpRequest) -> HttpResponse:
    """Every channel: when it fits, what to have ready, and its hours."""
    context = {"special_days": contacts.coming_special_days(), "zone": contacts.time_zone_name()}
    return render(request, "faq/contact.html", context)


@require_safe
@never_cache
def availability(request: HttpRequest) -> HttpResponse:
    """Open or closed, as a fragment, because the page itself is the same for everyone at any time."""
    found = contacts.contact("phone") or contacts.contact("chat")
    state = contacts.availability(found) if found else None
    return render(request, "faq/_availability.html", {"availability": state})


@require_safe
@public_page()
def wechat_code(request: HttpRequest) -> HttpResponse:
    """The QR code of the WeChat account as a picture."""
    found = contacts.contact("wechat")
    if found is None or not found.channel.url:
        raise Http404("No WeChat account is published.")
    picture = BytesIO()
    code = segno.make(found.channel.url, error="m", micro=False)
    code.save(picture, kind="svg", scale=4, border=3, dark="#14201d", light="#ffffff", xmldecl=False)
    return HttpResponse(picture.getvalue(), content_type="image/svg+xml")
