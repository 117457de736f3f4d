"""Django's settings, made from the checked environment (helpcenter/env.py names every variable)."""

import mimetypes
from datetime import timedelta

from csp.constants import NONCE, NONE, SELF
from django.utils.translation import gettext_lazy as _

from chat.core.presence import Timings
from chat.core.retention import Kept
from helpcenter.env import BASE_DIR, VAR_DIR, environment_or_exit, own_origins

ENV = environment_or_exit()

# --- The site -----------------------------------------------------------------------------------------
DEBUG = ENV.debug
SECRET_KEY = ENV.secret_key
SITE_URL = ENV.site_url
SITE_NAME = ENV.site_name
ALLOWED_HOSTS = ENV.allowed_hosts
EMBED_ORIGINS = ENV.embed_origins
ROOT_URLCONF = "helpcenter.urls"
ASGI_APPLICATION = "helpcenter.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
APPEND_SLASH = True

INSTALLED_APPS = [
    "daphne",
    # Before Django's own, as its commands note what they change.
    "helpcenter",
    "helpcenter.admin_app.HelpcenterAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.sitemaps",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django_htmx",
    "i18nfield",
    "csp",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "faq",
    "chat",
    "helpcenter.accounts",
]

# The whole chain is synchronous on purpose: helpcenter/one_hop.py runs it in a single thread hop.
MIDDLEWARE = [
    "helpcenter.watch.middleware.RequestFigures",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "helpcenter.security.PermissionsPolicyMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "helpcenter.accounts.middleware.WorkersOnly",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "faq.context_processors.site",
            ],
        },
    },
]
FORM_RENDERER = "helpcenter.form_widgets.StraightRenderer"

# --- Data ---------------------------------------------------------------------------------------------
# Threads that ask the database on behalf of the sockets of one process.
CHAT_THREADS = 4
IS_SQLITE = "sqlite" in ENV.database["ENGINE"]
DATABASES = {"default": ENV.database}
if IS_SQLITE:
    # One writer at a time that waits for its turn; readers never wait (performance.md, reliability notes).
    DATABASES["default"] |= {
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "timeout": 20,
            "transaction_mode": "IMMEDIATE",
            "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA cache_size=-16000; "
            # Pages that many messages touch are copied back once instead of every few commits (40 MB).
            "PRAGMA wal_autocheckpoint=10000;",
        },
        "TEST": {"NAME": None},
    }
else:
    DATABASES["default"] |= {
        "CONN_MAX_AGE": 0,
        "CONN_HEALTH_CHECKS": False,
        "OPTIONS": ENV.database.get("OPTIONS", {})
        | {"pool": {"min_size": 1, "max_size": ENV.http_threads + CHAT_THREADS + 6, "timeout": 10}},
    }

REDIS_URL = ENV.redis_url
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": REDIS_URL,
        "OPTIONS": {"socket_timeout": 5, "socket_connect_timeout": 5},
    }
    if REDIS_URL
    else {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}
}

MEDIA_ROOT = ENV.media_root
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o750
# Six files of at most 10 MB plus the text; every file's own limit is checked in chat/core/attachments.py.
DATA_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 200
# More files than the form takes are refused one by one beside the field, so that no text is lost.
DATA_UPLOAD_MAX_NUMBER_FILES = 50
REQUEST_MAX_BODY_BYTES = 64 * 1024 * 1024

# --- Languages and time -------------------------------------------------------------------------------
LANGUAGE_CODE = ENV.default_language
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
LOCALE_PATHS = [BASE_DIR / "helpcenter" / "locale"]
LANGUAGE_COOKIE_NAME = "topay_language"
USE_I18N = True
USE_TZ = True
TIME_ZONE = ENV.time_zone
I18N_FIELD_LANGUAGES = [code for code, _name in LANGUAGES]

# --- Static files -------------------------------------------------------------------------------------
STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "helpcenter.storage.HashedStaticStorage"
    },
}
WHITENOISE_MAX_AGE = 3600
mimetypes.add_type("text/javascript", ".js", strict=True)

# --- People who sign in -------------------------------------------------------------------------------
LOGIN_URL = "desk:login"
LOGIN_REDIRECT_URL = "desk:home"
REQUIRE_SECOND_FACTOR = ENV.require_second_factor
# A desk that is open gives signs of life by itself; nobody stays signed in for longer than a working day.
SIGN_IN_IDLE = timedelta(minutes=ENV.sign_in_idle_minutes)
SIGN_IN_LASTS = timedelta(hours=ENV.sign_in_hours)
# Wrong passwords for one account from one address (or in one known browser); beyond, one has to wait.
SIGN_IN_RATES = ("5/m", "15/h", "40/d")
SIGN_IN_ADDRESS_RATE = "200/15m"
# Wrong codes of the second factor for one account, which only who knows its password can count up.
CODE_RATES = ("5/5m",)
ACCOUNT_ADAPTER = "helpcenter.accounts.adapters.AccountAdapter"
# Makes the accounts' addresses none of allauth's business: administrators make accounts.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*"]
# The same for keys and for setting up, where allauth counts by itself, and for an office's address.
ACCOUNT_RATE_LIMITS = {"login_failed": "200/m/ip,5/5m/key"}
ACCOUNT_CHANGE_EMAIL = False
MFA_ADAPTER = "helpcenter.accounts.adapters.FactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
# A clock may be half a minute off; a code counts once all the same (helpcenter/accounts/forms.py).
MFA_TOTP_TOLERANCE = 1
MFA_FORMS = {
    "authenticate": "helpcenter.accounts.forms.SecondStepForm",
    "reauthenticate": "helpcenter.accounts.forms.ConfirmByCodeForm",
}
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
SESSION_COOKIE_AGE = int(SIGN_IN_LASTS.total_seconds())
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "faq.views.errors.csrf_failure"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True

# --- Security headers ---------------------------------------------------------------------------------
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = ENV.is_secure
CSRF_TRUSTED_ORIGINS = [SITE_URL]
# Pages that may open a socket: our own, exactly. The widget is a frame of ours on whatever site it stands.
SOCKET_ORIGINS = frozenset(own_origins(SITE_URL))
if ENV.is_secure:
    SECURE_SSL_REDIRECT = True
    SECURE_HSTS_SECONDS = 365 * 24 * 3600
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    # The proxy in front must overwrite this header, as deploy/'s nginx does.
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$"]

# Public pages are the same bytes for everyone, so they hold no inline code at all and need no nonce; a
# nonce enters the header only where a page rendered for one request asks for it.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "manifest-src": [SELF],
        "form-action": [SELF],
        "frame-src": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
        "object-src": [NONE],
    }
}

# --- Mail, logs, limits -------------------------------------------------------------------------------
EMAIL_CONFIG = ENV.email
EMAIL_BACKEND = EMAIL_CONFIG["EMAIL_BACKEND"]
EMAIL_HOST = EMAIL_CONFIG.get("EMAIL_HOST", "")
EMAIL_PORT = EMAIL_CONFIG.get("EMAIL_PORT") or 25
EMAIL_HOST_USER = EMAIL_CONFIG.get("EMAIL_HOST_USER", "")
EMAIL_HOST_PASSWORD = EMAIL_CONFIG.get("EMAIL_HOST_PASSWORD", "")
EMAIL_USE_TLS = bool(EMAIL_CONFIG.get("EMAIL_USE_TLS"))
EMAIL_USE_SSL = bool(EMAIL_CONFIG.get("EMAIL_USE_SSL"))
# A mail server that doesn't answer holds up the next mail, never a page.
EMAIL_TIMEOUT = 10
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENV.default_from_email

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {
            "()": "helpcenter.logs.TextFormatter",
            "format": "{asctime} {levelname} {name}: {message}",
            "style": "{",
        },
        "json": {"()": "helpcenter.logs.JsonFormatter"},
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": ENV.log_format}},
    "root": {"handlers": ["console"], "level": ENV.log_level},
    "loggers": {
        "django": {"handlers": ["console"], "level": ENV.log_level, "propagate": False},
        "django.server": {"handlers": ["console"], "level": "WARNING", "propagate": False},
        # One line a request is for machines that read logs; a person at a terminal would drown in it.
        "helpcenter.requests": {"level": "INFO" if ENV.log_format == "json" else "WARNING"},
    },
}

HTTP_THREADS = ENV.http_threads
METRICS_TOKEN = ENV.metrics_token
PAGE_CACHE_BYTES = 64 * 1024 * 1024
CHAT_MESSAGE_RATE = ENV.chat_message_rate
CHAT_OPEN_RATE = ENV.chat_open_rate
# Offers, leases, idle times: chat/core/presence.py says what each is; Timings(offer=…) changes one.
CHAT_TIMINGS = Timings()
# Whoever waits longer than that is shown to supervisors.
WAITING_TARGET = timedelta(minutes=3)
# What is kept for how long; None keeps it for ever.
RETENTION = Kept(
    conversations=ENV.retention_conversations,
    attachments=ENV.retention_attachments,
    addresses=ENV.retention_addresses,
    audit=ENV.retention_audit,
)
IDENTITY_KEYS = ENV.identity_keys
CHAT_RATING_RATE = "10/h"
CHAT_UPLOAD_RATE = "30/h"
# Confirmation mails: for one conversation, to one address, and from one network.
EMAIL_ALERT_RATE = "3/h"
EMAIL_ALERT_TARGET_RATE = "3/d"
EMAIL_ALERT_ADDRESS_RATE = "30/h"
SEARCH_RATE = "200/10s"
VOTE_RATE = "30/m"
OFFICIAL_CHECK_RATE = "60/10m"
CONTACT_FORM_RATE = "6/12h"
# Many customers share one address, so what is counted per address is only a high ceiling.
CONTACT_FORM_ADDRESS_RATE = "60/h"
UPLOAD_ADDRESS_RATE = "200/h"

ADMIN_SITE_HEADER = _("Topay help center")
VAR_DIR = VAR_DIR
