"""``manage.py reseal``: after a change of keys, seal everything with the newest one."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.core.management.base import BaseCommand
from django.db import models, transaction
from django.utils.translation import gettext as _

from workflows.household.rows import PaidMonth
from workflows.secrecy import SealedField, fingerprint

ROWS_AT_ONCE = 500


class Command(BaseCommand):
    """Changes no fact: the same numbers under another key. May be stopped and run again."""

    help = _("Seals all account and identity numbers with the first key of FIELD_KEYS; then the others may go.")

    def handle(self, *args: Any, **options: Any) -> None:
        for model in apps.get_models():
            for field in model._meta.local_fields:
                if isinstance(field, SealedField):
                    count = _reseal(model, field.name)
                    self.stdout.write(f"{model._meta.label}.{field.name}: {count}")
        PaidMonth.follow_their_lines()


def _reseal(model: type[models.Model], name: str) -> int:
    keys = list(model._base_manager.exclude(**{name: ""}).order_by("pk").values_list("pk", flat=True))
    printed = f"{name}_print" in {field.name for field in model._meta.local_fields}
    for start in range(0, len(keys), ROWS_AT_ONCE):
        with transaction.atomic():
            rows = model._base_manager.filter(pk__in=keys[start : start + ROWS_AT_ONCE]).order_by("pk")
            for pk, secret in rows.select_for_update(of=("self",)).values_list("pk", name):
                anew: dict[str, object] = {name: secret.resealed()}
                if printed:
                    anew[f"{name}_print"] = fingerprint(secret.open())
                # Only where it is still what was read: a correction made meanwhile is sealed anew already.
                model._base_manager.filter(pk=pk, **{name: secret}).update(**anew)
    return len(keys)
