"""Every page comes with the headers that keep other people's code and frames out."""

import pytest
from csp.middleware import CSPMiddleware
from django.http import HttpResponse

PAGES = [
    "/zh-hans/",
    "/en/articles/payment-failed/",
    "/en/search/?q=x",
    "/zh-hans/contact/email/",
    "/en/nope/",
    "/admin/login/",
]

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("content")]


def directives(response) -> dict[str, list[str]]:
    parts = (part.split() for part in response["Content-Security-Policy"].split(";"))
    return {name: sources for name, *sources in parts}


@pytest.mark.parametrize("path", PAGES)
def test_only_our_own_code_and_styles_run(visitor, path):
    policy = directives(visitor.get(path))

    assert policy["default-src"] == ["'none'"]
    assert policy["base-uri"] == policy["object-src"] == policy["frame-ancestors"] == ["'none'"]
    for name in ("script-src", "style-src"):
        allowed = {source for source in policy[name] if not source.startswith("'nonce-")}
        assert allowed == {"'self'"}


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_not_framed_sniffed_or_given_powers(visitor, path):
    response = visitor.get(path)

    assert response["X-Frame-Options"] == "DENY"
    assert response["X-Content-Type-Options"] == "nosniff"
    assert response["Referrer-Policy"] in ("same-origin", "no-referrer")
    assert response["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in response["Permissions-Policy"]
    assert "Strict-Transport-Security" not in response


def test_a_secure_site_says_that_it_stays_so(visitor, settings):
    settings.SECURE_HSTS_SECONDS = 31536000
    settings.SECURE_HSTS_INCLUDE_SUBDOMAINS = True

    response = visitor.get("/en/", secure=True)

    assert response["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_plain_http_is_sent_on_when_the_site_is_secure(visitor, settings):
    settings.SECURE_SSL_REDIRECT = True

    response = visitor.get("/en/")

    assert response.status_code == 301
    assert response.url == "https://testserver/en/"


def test_a_nonce_is_new_in_every_response_that_uses_one(rf):
    def view(request):
        return HttpResponse(str(request.csp_nonce))

    first, second = (CSPMiddleware(view)(rf.get("/")) for _ in range(2))

    assert f"'nonce-{first.content.decode()}'" in first["Content-Security-Policy"]
    assert first.content != second.content


def test_a_host_that_is_not_ours_is_refused(client):
    response = client.get("/en/", headers={"Host": "evil.example"})

    assert response.status_code == 400
