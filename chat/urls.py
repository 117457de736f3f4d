"""Addresses of left messages; each is below its language's prefix."""

from django.urls import path

from chat.views import contact_form, requests

app_name = "chat"

urlpatterns = [
    path("contact/email/", contact_form.contact_email, name="contact_email"),
    path("requests/<str:token>/", requests.request_page, name="request"),
    path("requests/<str:token>/files/<uuid:attachment>/", requests.attachment, name="request_attachment"),
]
