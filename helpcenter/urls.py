"""Every address of the help center."""

from django.urls import path

urlpatterns = [
]
