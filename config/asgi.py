"""For an ASGI server: production, so that a forgotten variable never serves the demo."""

from __future__ import annotations

import os

from django.core.asgi import get_asgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.production")

application = get_asgi_application()
