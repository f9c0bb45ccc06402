"""Settings that need no environment: an SQLite file and a secret, both made under var/."""

from __future__ import annotations

import hashlib
import os
from pathlib import Path

from csp.constants import NONE, SELF
from django.utils.translation import gettext_lazy as _

from audit.note import Signer
from config import database, mail, secret

BASE_DIR = Path(__file__).resolve().parent.parent
# One-click log-in as any office, for showing the system on invented people. Off unless asked for.
DEMO = os.environ.get("DEMO") == "1"
# Everything that is written lies here; the demo's apart, so that it can be started over.
VAR_DIR = BASE_DIR / "var" / ("demo" if DEMO else "")
VAR_DIR.mkdir(parents=True, exist_ok=True)

SECRET_KEY = os.environ.get("SECRET_KEY") or secret.key(path=VAR_DIR / "secret.key")
# Seal account and identity numbers in the database: commas between, the newest first.
_FIELD_KEYS = os.environ.get("FIELD_KEYS") or secret.key(path=VAR_DIR / "field.key")
FIELD_KEYS = [key.strip() for key in _FIELD_KEYS.split(",") if key.strip()]
# Signs checkpoints of the record; verifiers are earlier keys' public halves, commas between (docs/record.md).
CHECKPOINT_KEY = os.environ.get("CHECKPOINT_KEY") or secret.key(
    path=VAR_DIR / "checkpoint.key", make=lambda: str(Signer.new("fundtrail.invalid"))
)
CHECKPOINT_VERIFIERS = [key.strip() for key in os.environ.get("CHECKPOINT_VERIFIERS", "").split(",") if key.strip()]
CHECKPOINT_EVERY_MINUTES = int(os.environ.get("CHECKPOINT_EVERY_MINUTES", "60"))
# Where checkpoints go outside the database: a folder, on another machine if possible, and addresses.
# One folder a database: another's checkpoints would accuse this one.
_DATABASE = hashlib.sha256(os.environ.get("DATABASE_URL", "").encode()).hexdigest()[:8]
CHECKPOINT_DIR = os.environ.get("CHECKPOINT_DIR") or VAR_DIR / "checkpoints" / _DATABASE
CHECKPOINT_MAIL = [name.strip() for name in os.environ.get("CHECKPOINT_MAIL", "").split(",") if name.strip()]
# The register of deaths that household lists are compared with (docs/flags.md); empty: there is none.
DEATH_REGISTER = os.environ.get("DEATH_REGISTER", "")
DEBUG = os.environ.get("DEBUG") == "1"
ALLOWED_HOSTS = ["127.0.0.1", "localhost", "[::1]"]

INSTALLED_APPS = [
    "approvals",
    "workflows",
    "funds",
    "audit",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "axes",
    "bootstrap",
    "csp",
    "django_htmx",
    "viewflow.workflow",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "config.idle.IdleMiddleware",
    "config.language.LanguageMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "approvals.views.login.AgainMiddleware",
    "audit.gate.GateMiddleware",
    "config.reading.ReadingMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
]
# viewflow's own site and its middleware are not used: only its engine is.
VIEWFLOW = {"AUTOREGISTER": False}

ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
ASGI_APPLICATION = "config.asgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {
    "default": (
        database.parse(url=os.environ["DATABASE_URL"])
        if os.environ.get("DATABASE_URL")
        else database.sqlite(path=VAR_DIR / "fundtrail.sqlite3")
    )
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# People and their log-ins.
AUTH_USER_MODEL = "workflows.Person"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": f"django.contrib.auth.password_validation.{name}", "OPTIONS": options}
    for name, options in {
        "UserAttributeSimilarityValidator": {},
        "MinimumLengthValidator": {"min_length": 10},
        "CommonPasswordValidator": {},
        "NumericPasswordValidator": {},
    }.items()
] + [{"NAME": "config.passwords.CharacterKindsValidator", "OPTIONS": {"kinds_min": 3}}]
LOGIN_URL = "login"
CSRF_FAILURE_VIEW = "approvals.views.login.csrf_failed"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"
LOGIN_FAILURES_OF_NAME_AT_ADDRESS_MAX = 5
LOGIN_FAILURES_OF_NAME_MAX = 20
LOGIN_LOCK_MINUTES = 30
PROXY_COUNT = 0
AXES_HANDLER = "config.lockout.TwoLimitsHandler"
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"], "username"]
AXES_FAILURE_LIMIT = LOGIN_FAILURES_OF_NAME_MAX
AXES_COOLOFF_TIME = LOGIN_LOCK_MINUTES / 60
# Or anyone could keep a colleague locked out by knocking on.
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "approvals.views.login.locked"
AXES_CLIENT_IP_CALLABLE = "config.lockout.client_address"
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False

# Sessions end when nothing was done for this long.
SESSION_COOKIE_AGE = int(os.environ.get("IDLE_MINUTES", "30")) * 60
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_HTTPONLY = True
CSRF_COOKIE_SAMESITE = "Lax"

# Language and time.
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Simplified Chinese")), ("en", _("English"))]
LANGUAGE_COOKIE_NAME = "fundtrail_language"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True
LANGUAGE_COOKIE_SAMESITE = "Lax"
LOCALE_PATHS = [BASE_DIR / "config" / "locale"]
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True

# What pages may load and do. `data:` is for the small pictures inside Bootstrap's style sheet.
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    }
}
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"

# Style sheets and scripts come out of the installed packages; uploads have no address at all.
STATIC_URL = "static/"
WHITENOISE_USE_FINDERS = True
MEDIA_ROOT = VAR_DIR / "files"
FILE_UPLOAD_PERMISSIONS = 0o640
FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o750
UPLOAD_BYTES_MAX = 20 * 1024 * 1024
# Above what one field takes (workflows.files.COUNT_MAX): what is too many there is said beside the field.
DATA_UPLOAD_MAX_NUMBER_FILES = 200
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000

# Mail: printed unless EMAIL_URL names a server. At what hour of a working day the daily mail goes out.
MAILS = True
_MAIL = mail.parse(url=os.environ.get("EMAIL_URL") or "console:")
EMAIL_BACKEND, EMAIL_HOST, EMAIL_PORT = _MAIL.backend, _MAIL.host, _MAIL.port
EMAIL_HOST_USER, EMAIL_HOST_PASSWORD = _MAIL.user, _MAIL.password
EMAIL_USE_TLS, EMAIL_USE_SSL, EMAIL_FILE_PATH = _MAIL.starttls, _MAIL.tls, _MAIL.folder
EMAIL_TIMEOUT = mail.TIMEOUT_S
DEFAULT_FROM_EMAIL = os.environ.get("MAIL_FROM") or "fundtrail@localhost"
DIGEST_HOUR = int(os.environ.get("DIGEST_HOUR", "8"))
# Where the pages are found from outside: on sign-boards and in mails.
PUBLIC_URL = os.environ.get("PUBLIC_URL") or "http://127.0.0.1:8000"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {"line": {"format": "%(asctime)s %(levelname)s %(name)s %(message)s"}},
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("LOG_LEVEL", "WARNING")},
}

# How often somebody without an account may speak; a village may share one address.
PUBLIC_SAYS_OF_ADDRESS_HOUR_MAX = 10
PUBLIC_SAYS_ABOUT_CASE_DAY_MAX = 200

# What the record asks of the rest, by name, so that it imports nobody.
AUDIT_HEADS = "workflows.heads.current"
AUDIT_LABELS = "workflows.words.record"
AUDIT_NETS = "workflows.normative.nets"
AUDIT_REACH = "workflows.reach.Reach"
AUDIT_DOSSIER = "approvals.inspection.dossier.write"
AUDIT_CHECKS = (
    "audit.kept_figures.differences",
    "funds.books.differences",
    "workflows.kept_files.differences",
    "workflows.kept_rows.differences",
    "workflows.kept_names.differences",
    "workflows.locks.differences",
)
