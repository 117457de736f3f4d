"""Addresses of one's own account, below `/desk/account/`."""

from django.urls import path

from helpcenter.accounts import log_views, views

app_name = "accounts"

urlpatterns = [
    path("", views.home, name="home"),
    path("password/", views.ChangePassword.as_view(), name="password"),
    path("password/done/", views.password_changed, name="password_changed"),
    path("sessions/", views.sessions, name="sessions"),
    path("sessions/others/end/", views.end_other_sessions, name="end_other_sessions"),
    path("sessions/<int:pk>/end/", views.end_session, name="end_session"),
    path("log/", log_views.log, name="log"),
    path("log/download/", log_views.download, name="log_download"),
]
