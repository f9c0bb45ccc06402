"""The production database settings, with the peers' tables beside ours."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

os.environ.setdefault("SECRET_KEY", "only-for-the-benchmark")
os.environ.setdefault("FIELD_KEYS", "only-for-the-benchmark")
os.environ.setdefault(
    "CHECKPOINT_KEY", "PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz"
)

from config.settings import *  # noqa: F403
from config.settings import INSTALLED_APPS as OURS

INSTALLED_APPS = [*OURS, "django_fsm_log", "benchmarks.peers"]
MEDIA_ROOT = Path(tempfile.mkdtemp(prefix="fundtrail-bench-"))
# It listens to every machine of the process; ours keeps its own record.
DJANGO_FSM_LOG_IGNORED_MODELS = ["workflows.lifecycles.project.Project"]
