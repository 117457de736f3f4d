"""Every address of the help center."""

from django.conf.urls.i18n import i18n_patterns
from django.contrib import admin
from django.urls import include, path

from chat.services.verify_codes import is_working_code
from chat.views import widget
from faq.admin.todo import todo
from faq.views import crawlers, errors, home
from faq.views.official import official
from helpcenter.script_texts import script_texts

handler400 = errors.bad_request
handler403 = errors.forbidden
handler404 = errors.not_found
handler500 = errors.server_error

urlpatterns = [
    path("", home.choose_language, name="root"),
    path("admin/faq/todo/", admin.site.admin_view(todo), name="editors_todo"),
    path("admin/", admin.site.urls),
    path("api/chat/", include("chat.api_urls")),
    path("desk/account/", include("helpcenter.accounts.urls")),
    path("desk/", include("helpcenter.accounts.factor_urls")),
    path("desk/", include("chat.desk_urls")),
    path("widget.js", widget.loader, name="widget_loader"),
    path("widget/", widget.frame, name="widget"),
    path("sitemap.xml", crawlers.sitemap, name="sitemap"),
    path("robots.txt", crawlers.robots, name="robots"),
    path("favicon.ico", crawlers.favicon),
    path("feed/<slug:language>/", crawlers.feed, name="feed"),
    *i18n_patterns(
        path("texts.js", script_texts, name="texts"),
        # `faq:official`, with the one answer that only the chat can give handed in.
        path("official/", official, {"is_agents_code": is_working_code}),
        path("", include("chat.urls")),
        path("", include("faq.urls")),
        prefix_default_language=True,
    ),
]
