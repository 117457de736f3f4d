"""Addresses of the desk, below `/desk/`."""

from django.urls import path

from chat.views.desk import conversations, home, lists, pieces, verbs
from chat.views.supervisor import live, reports
from helpcenter.accounts import views

app_name = "desk"

_ONE = "conversations/<uuid:public_id>"
urlpatterns = [
    path("", home.Desk.as_view(), name="home"),
    path("login/", views.SignIn.as_view(), name="login"),
    path("logout/", views.sign_out, name="logout"),
    path("session/", home.session, name="session"),
    path("live/", live.page, name="live"),
    path("live/now/", live.now, name="live_now"),
    path("live/agents/<int:agent>/", live.set_status, name="set_status"),
    path("reports/", reports.page, name="reports"),
    path("reports/<slug:name>.csv", reports.export, name="report_csv"),
    path("lists/<slug:name>/", lists.rows, name="list"),
    path("counts/", lists.counts, name="counts"),
    path("canned/", pieces.canned, name="canned"),
    path("articles/", pieces.articles, name="articles"),
    path("tags/", pieces.tags, name="tags"),
    path("agents/", pieces.agents, name="agents"),
    path(f"{_ONE}/", conversations.conversation, name="conversation"),
    path(f"{_ONE}/events", conversations.events, name="events"),
    path(f"{_ONE}/panel/", conversations.panel, name="panel"),
    path(f"{_ONE}/attachments/", conversations.upload, name="upload"),
    path(f"{_ONE}/reveal/", conversations.reveal, name="reveal"),
    path(f"{_ONE}/article/", verbs.article, name="article"),
    path(f"{_ONE}/tags/", verbs.tags, name="set_tags"),
    path(f"{_ONE}/take/", verbs.take, name="take"),
    path(f"{_ONE}/reopen/", verbs.reopen, name="reopen"),
    path(f"{_ONE}/close/", verbs.close, name="close"),
    path(f"{_ONE}/redact/", verbs.redact, name="redact"),
    path(f"{_ONE}/block/", verbs.block, name="block"),
    path(f"{_ONE}/lift/", verbs.lift, name="lift"),
]
