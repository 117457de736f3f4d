"""Addresses of signing in and of second factors, below `/desk/`, under the names by which allauth knows them."""

from allauth.mfa.recovery_codes.views import (
    DownloadRecoveryCodesView,
    GenerateRecoveryCodesView,
    ViewRecoveryCodesView,
)
from allauth.mfa.totp.views import ActivateTOTPView, DeactivateTOTPView
from allauth.mfa.webauthn.views import AddWebAuthnView, ReauthenticateWebAuthnView, RemoveWebAuthnView
from django.contrib.auth.decorators import login_required
from django.urls import include, path, reverse_lazy
from django.views.generic import RedirectView

from helpcenter.accounts import views

_HOME = reverse_lazy("mfa_index")
_factors = [
    path("", views.Factors.as_view(), name="mfa_index"),
    path("app/", ActivateTOTPView.as_view(template_name="accounts/app_add.html"), name="mfa_activate_totp"),
    path(
        "app/remove/",
        DeactivateTOTPView.as_view(template_name="accounts/app_remove.html"),
        name="mfa_deactivate_totp",
    ),
    path("keys/", login_required(RedirectView.as_view(url=_HOME)), name="mfa_list_webauthn"),
    path(
        "keys/add/", AddWebAuthnView.as_view(template_name="accounts/key_add.html"), name="mfa_add_webauthn"
    ),
    path(
        "keys/<int:pk>/remove/",
        RemoveWebAuthnView.as_view(template_name="accounts/key_remove.html"),
        name="mfa_remove_webauthn",
    ),
    path(
        "codes/",
        ViewRecoveryCodesView.as_view(template_name="accounts/codes.html"),
        name="mfa_view_recovery_codes",
    ),
    path(
        "codes/new/",
        GenerateRecoveryCodesView.as_view(template_name="accounts/codes_new.html"),
        name="mfa_generate_recovery_codes",
    ),
    path(
        "codes/download/",
        DownloadRecoveryCodesView.as_view(template_name="accounts/codes.txt"),
        name="mfa_download_recovery_codes",
    ),
    path(
        "confirm/",
        login_required(views.ConfirmByPassword.as_view()),
        name="account_reauthenticate",
    ),
    path(
        "confirm/code/",
        views.ConfirmByCode.as_view(),
        name="mfa_reauthenticate",
    ),
    path(
        "confirm/key/",
        ReauthenticateWebAuthnView.as_view(template_name="accounts/confirm_key.html"),
        name="mfa_reauthenticate_webauthn",
    ),
]
urlpatterns = [
    path("login/", views.SignIn.as_view(), name="account_login"),
    path("logout/", views.sign_out, name="account_logout"),
    path(
        "login/second-step/",
        views.SecondStep.as_view(),
        name="mfa_authenticate",
    ),
    path("account/second-factor/", include(_factors)),
]
