"""Django's settings, driven by the environment.

| variable | meaning | default |
|---|---|---|
| `HONGYAN_HOME` | folder of the state | `var/` in the checkout |
| `DATABASE_URL` | owner on a PostgreSQL server of yours | the embedded server |
| `CRYPTO_PROFILE` | `international` or `gm` (国密) | the key ring's own |
| `HONGYAN_HOSTS` | host names served, comma-separated | `localhost,127.0.0.1,[::1]` |
| `HONGYAN_HTTPS` | `1` behind a TLS proxy: secure cookies, HSTS | `0` |
| `HONGYAN_DEBUG` | `1` for development: error pages, component gallery | `0` |
| `HONGYAN_SCAN_COMMAND` | scans files of records: reads one from its input, ends with 0 clean, 1 infected | none |
| `HONGYAN_TIMINGS` | `1` adds `Server-Timing` to answers: for measurements | `0` |
| `HONGYAN_MAIL` | server that sends mails, `smtp://user:password@host` (STARTTLS) or `smtps://` | no mails |
| `HONGYAN_MAIL_FROM` | sender of mails, taken with `HONGYAN_MAIL` | the user's name there |
| `HONGYAN_SITE` | address of the pages, to which mails lead, taken with `HONGYAN_MAIL` | none |
| `HONGYAN_AS_OWNER` | `1` connects as the database's owner: migrations only | `0` |

`PORT` and `HONGYAN_BIND` are read by `hongyan.config.gunicorn`. See docs/reference/settings.md.
"""

from __future__ import annotations

import os
import shlex
from datetime import timedelta

from psycopg.conninfo import conninfo_to_dict

from hongyan.config import database, home, mail, secrets


def _is_on(name: str) -> bool:
    return os.environ.get(name, "0") == "1"


HOME = home.current()
DEBUG = _is_on("HONGYAN_DEBUG")
HTTPS = _is_on("HONGYAN_HTTPS")
TIMINGS = _is_on("HONGYAN_TIMINGS")
DEMO = HOME.demo_logins.exists()
"""Demo people can log in here: no second factor is asked for, every page says so, and only this machine is served."""
SECRET_KEY = secrets.secret_key(HOME)
secrets.keyring(
    HOME, os.environ.get("CRYPTO_PROFILE") or None
)  # made at the first start, and of that profile
ALLOWED_HOSTS = os.environ.get("HONGYAN_HOSTS", "localhost,127.0.0.1,[::1]").split(",")

# --- wiring

ROOT_URLCONF = "hongyan.config.urls"
WSGI_APPLICATION = "hongyan.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "org.Staff"

INSTALLED_APPS = [
    "hongyan.web",
    "hongyan.api",
    "hongyan.cli",
    "hongyan.integration",
    "hongyan.classes",
    "hongyan.ownership",
    "hongyan.lifecycle",
    "hongyan.quality",
    "hongyan.ledger",
    "hongyan.consent",
    "hongyan.customer",
    "hongyan.desk",
    "hongyan.org",
    "hongyan.ui",
    "hongyan.core",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "django_htmx",
    "template_partials",
    "procrastinate.contrib.django",
]

MIDDLEWARE = [
    "hongyan.web.timing.ServerTiming",
    "hongyan.web.middleware.TracingMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "hongyan.config.headers.SecurityHeaders",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "hongyan.web.middleware.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "hongyan.web.limits.RequestLimits",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "hongyan.web.middleware.ActingMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "django.template.context_processors.i18n",
                "hongyan.web.context.frame",
            ],
        },
    }
]

# --- database

_connection = conninfo_to_dict(database.current(HOME))
# A page waits for one core's work; many readers at once get more out of the cores than one that takes them all.
_one_core_each = "-c max_parallel_workers_per_gather=0"
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": _connection.pop("host", ""),
        "PORT": _connection.pop("port", ""),
        "NAME": _connection.pop("dbname", ""),
        "USER": _connection.pop("user", ""),
        "PASSWORD": _connection.pop("password", ""),
        "CONN_MAX_AGE": 0,  # the pool keeps connections, not the threads
        "CONN_HEALTH_CHECKS": True,  # and drops those that a restart of the database cut
        # ActingMiddleware opens the transaction itself, because the scope has to be set inside it.
        "ATOMIC_REQUESTS": False,
        "OPTIONS": {
            **_connection,  # sslmode and the like, as DATABASE_URL gave them
            "options": f"{_connection.get('options', '')} {_one_core_each}".strip(),
            "pool": {"min_size": 1, "max_size": 12, "timeout": 10, "max_idle": 120},
            "server_side_binding": False,
        },
    }
}

# --- language and time

LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", "简体中文"), ("en", "English")]
USE_I18N = True
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"  # instants are stored in UTC; people read them in Chinese time

# --- files

STATIC_URL = "/static/"
STATIC_ROOT = HOME.static
STATICFILES_DIRS = [("vendor", HOME.vendor)]
STORAGES = {
    "default": {
        "BACKEND": "django.core.files.storage.FileSystemStorage",
        "OPTIONS": {
            "location": HOME.files,
            "file_permissions_mode": 0o600,
            "directory_permissions_mode": 0o700,
        },
    },
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"
        if DEBUG
        else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}
WHITENOISE_USE_FINDERS = DEBUG
# what a request may bring: `web.limits` answers 413; doors that take files have a parameter of their own
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 1000
DATA_UPLOAD_MAX_NUMBER_FILES = 20
FILE_UPLOAD_PERMISSIONS = 0o600
SCAN_COMMAND = shlex.split(os.environ.get("HONGYAN_SCAN_COMMAND", ""))

# --- sessions, passwords, browser's protection (BARS A 24, A 25)

LOGIN_URL = "/login/"
LOGIN_REDIRECT_URL = "/"
SESSION_ENGINE = "django.contrib.sessions.backends.db"
SESSION_COOKIE_NAME = "hongyan_session"
SESSION_COOKIE_AGE = int(
    timedelta(minutes=30).total_seconds()
)  # idle: `org.sessions` renews it once a minute
SESSION_SAVE_EVERY_REQUEST = False
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_ABSOLUTE_AGE = int(
    timedelta(hours=12).total_seconds()
)  # seconds after log-in, whatever was done since
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_SECURE = HTTPS
CSRF_COOKIE_NAME = "hongyan_csrf"
CSRF_COOKIE_HTTPONLY = True  # scripts take the token from the page
CSRF_FAILURE_VIEW = "hongyan.web.answers.form_expired"
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_SECURE = HTTPS
LANGUAGE_COOKIE_NAME = "hongyan_language"
LANGUAGE_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SECURE = HTTPS

PASSWORD_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 8}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
if HTTPS:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = int(timedelta(days=365).total_seconds())

# --- mails: only where a server is named

_server = mail.server(os.environ.get("HONGYAN_MAIL", ""))
MAIL_SITE = mail.site(os.environ.get("HONGYAN_SITE", "")) if _server else ""
"""Where links in mails lead; empty where no mails are sent."""
if _server:
    EMAIL_HOST, EMAIL_PORT = _server.host, _server.port
    EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _server.user, _server.password
    EMAIL_USE_SSL, EMAIL_USE_TLS = _server.is_tls, not _server.is_tls
    EMAIL_TIMEOUT = 10  # seconds
    DEFAULT_FROM_EMAIL = mail.sender(os.environ.get("HONGYAN_MAIL_FROM", ""), _server)

# --- logging: one JSON object a line to standard error, no personal data (STYLE, Logging)

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "hongyan.config.logs.JsonLines"}},
    "filters": {"without_address": {"()": "hongyan.config.logs.WithoutAddress"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["stderr"], "level": "INFO"},
    "loggers": {
        "django": {"handlers": [], "level": "INFO", "propagate": True},
        # a filter holds for what is logged under exactly this name
        "django.request": {"filters": ["without_address"]},
        "django.security.csrf": {"filters": ["without_address"]},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
        "procrastinate": {"level": "WARNING"},
        "psycopg.pool": {"level": "WARNING"},
        "sqlglot": {"level": "WARNING"},  # hundreds of lines a training
    },
}
LOGGING_CONFIG = "logging.config.dictConfig"
