"""The default settings, made quick and kept out of var/."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

os.environ.setdefault("SECRET_KEY", "only-for-tests")
os.environ.setdefault("FIELD_KEYS", "only-for-tests")
# Known to the world: the example of Go's package for signed notes.
os.environ.setdefault(
    "CHECKPOINT_KEY", "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
)

from config.settings import *  # noqa: F403
from config.settings import DATABASES

_TEMPORARY = Path(tempfile.mkdtemp(prefix="fundtrail-tests-"))

# Guessing test passwords need not be hard.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# A test that starts processes of its own lets them share their store of files.
MEDIA_ROOT = Path(os.environ.get("TESTS_FILES") or _TEMPORARY / "files")
CHECKPOINT_DIR = _TEMPORARY / "checkpoints"

if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file, not memory: threads must meet the same locks as in an office. Nobody pulls the plug.
    DATABASES["default"]["TEST"] = {"NAME": str(_TEMPORARY / "test.sqlite3")}
    DATABASES["default"]["OPTIONS"]["init_command"] = "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;"
