"""Addresses of the desk, below `/desk/`."""

from django.urls import path

from chat.views.desk import Desk, SignIn, SignOut

app_name = "desk"

urlpatterns = [
    path("", Desk.as_view(), name="home"),
    path("login/", SignIn.as_view(), name="login"),
    path("logout/", SignOut.as_view(), name="logout"),
]
