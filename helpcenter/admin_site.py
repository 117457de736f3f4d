"""The editors' and administrators' site at /admin/."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _


class HelpcenterAdminSite(admin.AdminSite):
    """Django's admin under the help center's name."""

    site_header = _("Topay help center")
    site_title = _("Topay help center")
    index_title = _("Content and settings")
    enable_nav_sidebar = False
