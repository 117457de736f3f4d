"""Is this number, address, site or account really ours?"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from faq.core.official import Identity, check, clean
from faq.models import ContactChannel, OfficialIdentity

KIND_OF_CHANNEL = {"phone": "phone", "email": "email", "weibo": "social", "wechat": "social"}


@require_safe
@never_cache
def official(request: HttpRequest) -> HttpResponse:
    """Answer cautiously: only what is listed is ours; anything else is treated as not ours."""
    listed = list(OfficialIdentity.objects.all())
    text = clean(request.GET.get("q", ""))
    context = {
        "query": text,
        "verdict": check(text, _identities(listed)) if text else None,
        "identities": listed,
    }
    return render(request, "faq/official.html", context)


def _identities(listed: list[OfficialIdentity]) -> list[Identity]:
    """The list, and the published contacts, which are ours whether or not they were listed too."""
    channels = ContactChannel.objects.published().filter(kind__in=KIND_OF_CHANNEL).exclude(value="")
    return [Identity(row.kind, row.value) for row in listed] + [
        Identity(KIND_OF_CHANNEL[row.kind], row.value) for row in channels
    ]
