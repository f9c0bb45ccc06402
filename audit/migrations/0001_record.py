"""The record: one append-only table and the triggers that keep it so."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

from audit import immutability


def install(apps: Any, schema_editor: Any) -> None:
    immutability.install(schema_editor.connection, "audit_entry")


def remove(apps: Any, schema_editor: Any) -> None:
    immutability.remove(schema_editor.connection, "audit_entry")


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("payload", models.BinaryField(verbose_name="payload")),
                ("prev_hash", models.CharField(max_length=64, verbose_name="previous hash")),
                ("hash", models.CharField(max_length=64, unique=True, verbose_name="hash")),
                ("case_id", models.BigIntegerField()),
                ("seq", models.PositiveIntegerField(verbose_name="number in the case")),
                ("case_number", models.CharField(max_length=40, verbose_name="case")),
                ("case_title", models.CharField(blank=True, max_length=200, verbose_name="title")),
                ("case_kind", models.CharField(max_length=40, verbose_name="kind")),
                ("root_id", models.BigIntegerField()),
                ("act", models.CharField(max_length=80, verbose_name="act")),
                ("actor_id", models.BigIntegerField(null=True)),
                ("actor_name", models.CharField(max_length=150, verbose_name="person")),
                ("post", models.CharField(blank=True, max_length=120, verbose_name="post")),
                ("unit_id", models.BigIntegerField(null=True)),
                ("unit_name", models.CharField(blank=True, max_length=200, verbose_name="unit")),
                ("behalf_id", models.BigIntegerField(null=True)),
                (
                    "behalf_name",
                    models.CharField(blank=True, max_length=150, verbose_name="on behalf of"),
                ),
                ("state_from", models.CharField(blank=True, max_length=40, verbose_name="from")),
                ("state_to", models.CharField(blank=True, max_length=40, verbose_name="to")),
                (
                    "edition",
                    models.CharField(blank=True, max_length=120, verbose_name="rulebook edition"),
                ),
                ("late", models.BooleanField(default=False, verbose_name="late entry")),
                ("amount_fen", models.BigIntegerField(null=True, verbose_name="amount")),
                ("happened_at", models.DateTimeField(verbose_name="happened at")),
                ("recorded_at", models.DateTimeField(verbose_name="recorded at")),
            ],
            options={
                "verbose_name": "entry",
                "verbose_name_plural": "entries",
                "db_table": "audit_entry",
                "ordering": ["case_id", "seq"],
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["root_id", "id"], name="entry_of_root"),
                    models.Index(fields=["actor_id", "id"], name="entry_of_actor"),
                    models.Index(fields=["unit_id", "id"], name="entry_of_unit"),
                    models.Index(fields=["act", "id"], name="entry_of_act"),
                    models.Index(fields=["happened_at"], name="entry_in_period"),
                ],
                "constraints": [
                    models.UniqueConstraint(fields=("case_id", "seq"), name="entry_seq_once_a_case"),
                    models.CheckConstraint(condition=models.Q(("seq__gte", 1)), name="entry_seq_from_one"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                (
                                    "prev_hash",
                                    "0000000000000000000000000000000000000000000000000000000000000000",
                                ),
                                ("seq", 1),
                            ),
                            models.Q(
                                ("seq__gt", 1),
                                models.Q(
                                    (
                                        "prev_hash",
                                        "0000000000000000000000000000000000000000000000000000000000000000",
                                    ),
                                    _negated=True,
                                ),
                            ),
                            _connector="OR",
                        ),
                        name="entry_first_follows_nothing",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("act", ""), _negated=True),
                            models.Q(("actor_name", ""), _negated=True),
                        ),
                        name="entry_has_act_and_actor",
                    ),
                ],
            },
        ),
        migrations.RunPython(install, remove),
    ]
