"""Is this number, address, site, account or agent really ours?"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from faq.core.official import Identity, Verdict, check, clean
from faq.models import ContactChannel, OfficialIdentity
from helpcenter.rate_limit import client_address, seconds_to_wait

KIND_OF_CHANNEL = {"phone": "phone", "email": "email", "weibo": "social", "wechat": "social"}
# Whether a text is the code that a working agent shows; the help content itself knows no agents.
IsAgentsCode = Callable[[str], bool]


def nobodys_code(_text: str) -> bool:
    """Where nobody answers conversations, no code is an agent's."""
    return False


@require_safe
@never_cache
def official(request: HttpRequest, is_agents_code: IsAgentsCode = nobodys_code) -> HttpResponse:
    """Answer cautiously: only what is listed is ours; anything else is treated as not ours.

    `q` and `code` are one question. `is_agents_code` is handed in by the list of addresses (helpcenter/urls.py).
    """
    listed = list(OfficialIdentity.objects.all())
    text = clean(request.GET.get("q", "") or request.GET.get("code", ""))
    wait = _seconds_to_wait(request) if text else 0
    verdict = _judge(text, listed, is_agents_code) if text and not wait else None
    context = {"query": text, "verdict": verdict, "must_wait": bool(wait), "identities": listed}
    response = render(request, "faq/official.html", context, status=429 if wait else 200)
    if wait:
        response.headers["Retry-After"] = str(wait)
    return response


def _seconds_to_wait(request: HttpRequest) -> int:
    """Codes are not to be found out by trying; customers who share an address hardly notice."""
    return seconds_to_wait("official", client_address(request), settings.OFFICIAL_CHECK_RATE)


def _judge(text: str, listed: list[OfficialIdentity], is_agents_code: IsAgentsCode) -> Verdict:
    # Both are always asked, so that the time doesn't tell what a text resembles.
    is_code, verdict = is_agents_code(text), check(text, _identities(listed))
    return Verdict("agent") if is_code and verdict.result != "official" else verdict


def _identities(listed: list[OfficialIdentity]) -> list[Identity]:
    """The list, and the published contacts, which are ours whether or not they were listed too."""
    channels = ContactChannel.objects.published().filter(kind__in=KIND_OF_CHANNEL).exclude(value="")
    return [Identity(row.kind, row.value) for row in listed] + [
        Identity(KIND_OF_CHANNEL[row.kind], row.value) for row in channels
    ]
