"""The editors' and administrators' site at /admin/."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth import REDIRECT_FIELD_NAME
from django.http import HttpRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext_lazy as _

from helpcenter.accounts.audited import audited
from helpcenter.accounts.views import SignIn


class HelpcenterAdminSite(admin.AdminSite):
    """Django's admin under the help center's name, with the one way in that the desk has."""

    site_header = _("Topay help center")
    site_title = _("Topay help center")
    index_title = _("Content and settings")
    enable_nav_sidebar = False

    def register(self, model_or_iterable: Any, admin_class: Any = None, **options: Any) -> None:
        """Register models so that whatever is done with them is noted."""
        super().register(model_or_iterable, audited(admin_class or admin.ModelAdmin), **options)

    def login(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """To the sign-in of the desk; who is signed in and may not be here is told so."""
        wanted = request.GET.get(REDIRECT_FIELD_NAME, "") or reverse("admin:index")
        if not url_has_allowed_host_and_scheme(wanted, {request.get_host()}, request.is_secure()):
            wanted = reverse("admin:index")
        if self.has_permission(request):
            return redirect(wanted)
        if request.user.is_authenticated:
            return render(request, "accounts/not_allowed.html", status=403)
        if request.method == "POST":
            return SignIn.as_view()(request)
        return redirect(f"{reverse('desk:login')}?{urlencode({REDIRECT_FIELD_NAME: wanted})}")

    def logout(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """As everywhere."""
        return redirect("account_logout", preserve_request=True)

    def password_change(self, request: HttpRequest, extra_context: Any = None) -> Any:
        """As everywhere."""
        return redirect("accounts:password")
