"""Settings for real work: everything that differs from office to office comes from the environment.

Wanted: SECRET_KEY, FIELD_KEYS (they seal account and identity numbers: commas between, the newest
first, each of at least 32 characters), DATABASE_URL, ALLOWED_HOSTS (with commas), FILES_DIR (uploads),
STATIC_DIR (filled by `manage.py collectstatic`), CHECKPOINT_KEY (signs the record's checkpoints:
`manage.py audit keygen NAME`), CHECKPOINT_DIR (they are written to it: best on another machine), PUBLIC_URL (https
address of the public site, as it is to stand on sign-boards for years and in mails).
May be given: PROXY_COUNT (own proxies in front, default 1),
IDLE_MINUTES, LOG_LEVEL. For mail: EMAIL_URL (smtp://, smtp+starttls:// or smtps://user:password@host:port),
and with it MAIL_FROM (the sender's address); DIGEST_HOUR (of a working day, default 8). Without EMAIL_URL
nobody is mailed; the messages stand in the app. For checkpoints: CHECKPOINT_MAIL (addresses outside the
office, such as the auditor's, commas between), CHECKPOINT_EVERY_MINUTES (default 60), CHECKPOINT_VERIFIERS
(public halves of keys that signed before).
"""

from __future__ import annotations

import os
import re
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured


def _wanted(name: str) -> str:
    if not os.environ.get(name):
        raise ImproperlyConfigured(
            f"The environment variable {name} is not set; config/production.py says what it is for."
        )
    return os.environ[name]


FIELD_KEY_LENGTH_MIN = 32

# Asked for before the defaults are read, which would make a secret and a database of their own.
SECRET_KEY = _wanted("SECRET_KEY")
_wanted("FIELD_KEYS")
_wanted("DATABASE_URL")
_wanted("CHECKPOINT_KEY")
_wanted("CHECKPOINT_DIR")
if os.environ.get("DEMO") or os.environ.get("DEBUG"):
    raise ImproperlyConfigured("DEMO and DEBUG are not for production; unset them.")

from audit.note import BadKey, Signer, Verifier  # noqa: E402
from config.settings import *  # noqa: E402, F403
from config.settings import CHECKPOINT_KEY, CHECKPOINT_VERIFIERS, FIELD_KEYS  # noqa: E402

if not FIELD_KEYS or min(map(len, FIELD_KEYS)) < FIELD_KEY_LENGTH_MIN:
    raise ImproperlyConfigured(f"Every key of FIELD_KEYS needs at least {FIELD_KEY_LENGTH_MIN} characters.")

try:
    Signer.read(CHECKPOINT_KEY)
    list(map(Verifier.read, CHECKPOINT_VERIFIERS))
except BadKey as error:
    raise ImproperlyConfigured(f"CHECKPOINT_KEY or CHECKPOINT_VERIFIERS: {error}.") from error

ALLOWED_HOSTS = [host.strip() for host in _wanted("ALLOWED_HOSTS").split(",") if host.strip()]
MEDIA_ROOT = Path(_wanted("FILES_DIR"))
STATIC_ROOT = Path(_wanted("STATIC_DIR"))
PUBLIC_URL = _wanted("PUBLIC_URL")
if not re.fullmatch(r"https://[^/\s?#]+(/[^\s?#]*)?", PUBLIC_URL):
    raise ImproperlyConfigured("PUBLIC_URL must be an https address without question mark or number sign.")

# Nobody is to believe that a mail printed into a log was sent: without a server, no mail is written.
MAILS = bool(os.environ.get("EMAIL_URL"))
if MAILS:
    DEFAULT_FROM_EMAIL = _wanted("MAIL_FROM")

WHITENOISE_USE_FINDERS = False
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# TLS ends at our own proxy, which says so; a client that connects directly is sent to it.
PROXY_COUNT = int(os.environ.get("PROXY_COUNT", "1"))
if PROXY_COUNT:
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = True
SECURE_HSTS_SECONDS = 365 * 24 * 3600
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
LANGUAGE_COOKIE_SECURE = True
