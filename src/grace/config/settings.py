"""The one settings file. Every value an operator may change is declared in ``grace.host.environment``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from grace.host import database, environment, secrets

ENVIRONMENT = environment.read()
_ADDRESS = database.address(ENVIRONMENT)

DEBUG = False
SECRET_KEY = secrets.session_key(ENVIRONMENT)
ALLOWED_HOSTS = list(ENVIRONMENT.allowed_hosts)
ROOT_URLCONF = "grace.config.urls"
WSGI_APPLICATION = "grace.config.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.messages",
    "whitenoise.runserver_nostatic",
    "django.contrib.staticfiles",
    "django.contrib.postgres",
    "procrastinate.contrib.django",
    "grace.custody",
    "grace.accounts",
    "grace.agencies",
    "grace.evidence",
    "grace.intake",
    "grace.referrals",
    "grace.matching",
    "grace.analysis",
    "grace.routing",
    "grace.links",
    "grace.priority",
    "grace.casework",
    "grace.exchange",
    "grace.pipeline",
    "grace.web",
    "grace.api",
]

MIDDLEWARE = [
    "grace.config.headers.SafeHeaders",
    "grace.config.requests.RequestLog",
    "grace.api.problems.Problems",
    "grace.api.ispws.frame.Frame",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "grace.web.gate.Gate",
    "django.contrib.messages.middleware.MessageMiddleware",
    "grace.web.refusals.Refusals",
]

_GRACE = Path(__file__).resolve().parent.parent

TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [_GRACE / "web"],  # a screen's templates stand in its folder: web/queue/list.html is "queue/list.html"
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "grace.web.frame.frame",
            ],
        },
    }
]

# Database: the role that runs. The role that owns is used by `grace migrate` alone, and stands nowhere in these settings.
DATABASES: dict[str, dict[str, Any]] = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": _ADDRESS.host,
        "PORT": str(_ADDRESS.port),
        "NAME": _ADDRESS.database,
        "USER": str(_ADDRESS.user),
        "PASSWORD": _ADDRESS.password,
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": True,  # a back end that was killed is noticed at the next request, not by an officer
        "OPTIONS": {
            "connect_timeout": "5",
            "application_name": "grace",
            # A statement that comes again and again is parsed once for each connection: a tenth of what a document asks of
            # PostgreSQL. It is planned for its own values each time: a plan of yesterday's sizes is never used.
            "options": "-c jit=off -c plan_cache_mode=force_custom_plan",
            "server_side_binding": True,
            "prepare_threshold": 3,
            **dict(_ADDRESS.options),
        },
    }
}

# Sign-in and sessions
AUTH_USER_MODEL = "accounts.Officer"
AUTHENTICATION_BACKENDS = ["grace.accounts.backend.Officers"]
LOGIN_URL = "/sign-in/"
LOGIN_REDIRECT_URL = "/"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher", "django.contrib.auth.hashers.PBKDF2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "display_name", "email")},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_ENGINE = "grace.accounts.sessions"
GRACE_SESSION_IDLE_SECONDS = ENVIRONMENT.session_idle_minutes * 60
GRACE_SESSION_SECONDS = SESSION_COOKIE_AGE = ENVIRONMENT.session_hours * 60 * 60
GRACE_SECOND_FACTOR = ENVIRONMENT.second_factor
GRACE_TRUSTED_PROXIES = ENVIRONMENT.trusted_proxies
SECRET_KEY_FALLBACKS = list(ENVIRONMENT.secret_key_fallbacks)
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Strict"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# TLS ends at the operator's proxy
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = ENVIRONMENT.https
SESSION_COOKIE_NAME = "__Host-session" if ENVIRONMENT.https else "session"
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if ENVIRONMENT.https else None
SECURE_HSTS_SECONDS = 365 * 24 * 60 * 60 if ENVIRONMENT.https else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = ENVIRONMENT.https
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
CSRF_TRUSTED_ORIGINS = [f"https://{name}" for name in ENVIRONMENT.allowed_hosts] if ENVIRONMENT.https else []
SECURE_REFERRER_POLICY = "same-origin"  # under "no-referrer" browsers send "Origin: null" with a form, and no form passes the CSRF check
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"

# Uploads: a document is streamed to the vault, never held in memory whole
DATA_UPLOAD_MAX_NUMBER_FIELDS = 10_000  # the editor of rules sends every line with its conditions
DATA_UPLOAD_MAX_MEMORY_SIZE = 20 * 1024 * 1024
GRACE_DECODING_STRICT = ENVIRONMENT.decoding_strict
GRACE_LARGEST_UPLOAD = ENVIRONMENT.largest_upload << 20
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
FILE_UPLOAD_PERMISSIONS = 0o600

# What providers hand in over the reporting interface
GRACE_REPORTING_NAME = ENVIRONMENT.reporting_name
GRACE_LARGEST_REPORT_FILE = ENVIRONMENT.report_file_megabytes << 20
GRACE_MOST_REPORT_FILES = ENVIRONMENT.report_files
GRACE_MOST_OPEN_REPORTS = ENVIRONMENT.open_reports
GRACE_MOST_REPORT_REQUESTS = ENVIRONMENT.report_requests

# Style sheets and scripts, collected when the web server starts
STATIC_URL = "static/"
STATIC_ROOT = str(ENVIRONMENT.static)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

LOCALE_PATHS = [_GRACE / "locale"]

# Languages: of the 24 of the European Union those that GRACE has been put into; a page never claims to be in another
USE_TZ = True
TIME_ZONE = "UTC"
LANGUAGE_CODE = ENVIRONMENT.language
_OF_THE_UNION = [
    ("bg", "Български"),
    ("cs", "Čeština"),
    ("da", "Dansk"),
    ("de", "Deutsch"),
    ("el", "Ελληνικά"),
    ("en", "English"),
    ("es", "Español"),
    ("et", "Eesti"),
    ("fi", "Suomi"),
    ("fr", "Français"),
    ("ga", "Gaeilge"),
    ("hr", "Hrvatski"),
    ("hu", "Magyar"),
    ("it", "Italiano"),
    ("lt", "Lietuvių"),
    ("lv", "Latviešu"),
    ("mt", "Malti"),
    ("nl", "Nederlands"),
    ("pl", "Polski"),
    ("pt", "Português"),
    ("ro", "Română"),
    ("sk", "Slovenčina"),
    ("sl", "Slovenščina"),
    ("sv", "Svenska"),
]
LANGUAGES = [
    (code, name)
    for code, name in _OF_THE_UNION
    if code in {"en", ENVIRONMENT.language} or (_GRACE / "locale" / code / "LC_MESSAGES" / "django.mo").is_file()
]

# Jobs live in the same database and are deferred in the transaction that they follow
PROCRASTINATE_AUTODISCOVER_MODULE_NAME = "tasks"
PROCRASTINATE_ON_APP_READY = "grace.config.jobs.make_patient"

LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"json": {"()": "grace.config.logs.JsonLines"}},
    "handlers": {"out": {"class": "logging.StreamHandler", "formatter": "json"}},
    "root": {"handlers": ["out"], "level": ENVIRONMENT.log_level.upper()},
    "loggers": {
        "django": {"handlers": [], "propagate": True, "level": "WARNING"},
        "django.server": {"handlers": [], "propagate": True},
        "django.request": {"level": "CRITICAL"},  # it writes paths and query strings; grace.config.requests writes what may be kept
        "django.security": {"level": "CRITICAL"},  # the same
        "procrastinate": {"level": "WARNING"},  # at INFO it writes the arguments of jobs
    },
}

# The vault and the agency key that new files are sealed with; the other keys beside it are known too
GRACE_VAULT_PATH = str(ENVIRONMENT.vault)
GRACE_AGENCY_KEY_PATH = str(secrets.agency_key_file(ENVIRONMENT, ENVIRONMENT.agency_key))

# Where addresses are registered: the operator's own tables, asked before the registries' data
GRACE_NETWORKS = ENVIRONMENT.networks
GRACE_MMDB = ENVIRONMENT.mmdb

# What the numbers of VICS categories mean here
GRACE_VICS_CATEGORIES = ENVIRONMENT.vics_categories

# The secrets of lists that are fetched
GRACE_LIST_SECRETS = str(ENVIRONMENT.list_secrets)

# Where urgent referrals are announced, by reference only
GRACE_ALERT_EMAIL = ENVIRONMENT.alert_email
GRACE_ALERT_WEBHOOK = ENVIRONMENT.alert_webhook
DEFAULT_FROM_EMAIL = SERVER_EMAIL = ENVIRONMENT.smtp_from
EMAIL_HOST, EMAIL_PORT = ENVIRONMENT.smtp_host, ENVIRONMENT.smtp_port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = ENVIRONMENT.smtp_user, ENVIRONMENT.smtp_password
EMAIL_USE_TLS, EMAIL_USE_SSL = ENVIRONMENT.smtp_tls == "starttls", ENVIRONMENT.smtp_tls == "tls"
EMAIL_TIMEOUT = 10

# Who we are to other installations, and what comes from them
GRACE_EXCHANGE_KEY_PATH = str(secrets.exchange_key_file(ENVIRONMENT, ENVIRONMENT.exchange_key))
GRACE_AGENCY_NAME, GRACE_AGENCY_STATE, GRACE_AGENCY_ADDRESS = ENVIRONMENT.agency_name, ENVIRONMENT.agency_state, ENVIRONMENT.agency_address
GRACE_EXCHANGE_UNIT = ENVIRONMENT.exchange_unit
GRACE_EXCHANGE_FOLDER = str(ENVIRONMENT.exchange)
GRACE_LARGEST_PACKAGE = ENVIRONMENT.largest_package << 20
