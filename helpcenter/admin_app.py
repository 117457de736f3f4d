"""Which admin site the project uses."""

from django.contrib.admin.apps import AdminConfig


class HelpcenterAdminConfig(AdminConfig):
    """Django's admin with the help center's own site."""

    default_site = "helpcenter.admin_site.HelpcenterAdminSite"
