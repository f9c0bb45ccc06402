#!/usr/bin/env python3
"""Fundtrail's commands: `manage.py help` lists them."""

from __future__ import annotations

import os
import sys

from config import commands

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    commands.run(sys.argv)
