"""Addresses of the messenger and of left messages; each is below its language's prefix."""

from django.urls import path

from chat.views import contact_form, email_alerts, messenger, plain_chat, requests

app_name = "chat"

urlpatterns = [
    path("chat/", messenger.messenger, name="messenger"),
    path("chat/conversation/", plain_chat.conversation, name="plain_chat"),
    path("chat/conversation/transcript/", plain_chat.download_transcript, name="plain_transcript"),
    path("chat/conversation/files/<uuid:attachment>/", plain_chat.attachment, name="plain_attachment"),
    path("contact/email/", contact_form.contact_email, name="contact_email"),
    path("requests/<str:token>/", requests.request_page, name="request"),
    path("requests/<str:token>/email/", email_alerts.choose, name="email_alert"),
    path("requests/<str:signature>/confirm/", email_alerts.confirm, name="confirm_email"),
    path("requests/<str:token>/files/<uuid:attachment>/", requests.attachment, name="request_attachment"),
]
