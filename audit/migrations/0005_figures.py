"""Every amount that an entry says, as a row; and the indexes by which the past of a long record is read."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

from audit import figures, immutability


def install(apps: Any, schema_editor: Any) -> None:
    figures.fill(schema_editor.connection)
    figures.install(schema_editor.connection)
    immutability.install(schema_editor.connection, "audit_figure")


def remove(apps: Any, schema_editor: Any) -> None:
    immutability.remove(schema_editor.connection, "audit_figure")
    figures.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0004_saved_searches"),
    ]

    operations = [
        migrations.CreateModel(
            name="Figure",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("entry_id", models.BigIntegerField()),
                ("case_id", models.BigIntegerField()),
                ("source", models.CharField(blank=True, max_length=20)),
                ("name", models.CharField(max_length=80)),
                ("fen", models.BigIntegerField(null=True)),
                ("happened_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "figure",
                "db_table": "audit_figure",
                "default_permissions": (),
            },
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(("amount_fen__isnull", False)), fields=["amount_fen", "id"], name="entry_of_amount"
            ),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(("late", True)), fields=["case_id", "happened_at", "recorded_at"], name="entry_late"
            ),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(("seq", 1)), fields=["case_kind", "case_number", "case_id"], name="entry_opening"
            ),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(("state_from", models.F("state_to")), _negated=True),
                fields=["case_id", "happened_at", "id", "recorded_at", "state_to"],
                name="entry_move",
            ),
        ),
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(
                condition=models.Q(("state_from", models.F("state_to")), _negated=True),
                fields=["case_id", "id", "recorded_at", "state_to"],
                name="entry_move_recorded",
            ),
        ),
        migrations.AddIndex(
            model_name="figure",
            index=models.Index(
                condition=models.Q(("source", "")),
                fields=["case_id", "name", "happened_at", "entry_id", "recorded_at", "fen"],
                name="figure_of_case",
            ),
        ),
        migrations.AddIndex(
            model_name="figure",
            index=models.Index(
                condition=models.Q(("source", ""), _negated=True),
                fields=["case_id", "name", "happened_at", "recorded_at", "fen"],
                name="figure_moved_of_case",
            ),
        ),
        migrations.AddIndex(
            model_name="figure",
            index=models.Index(
                condition=models.Q(("source", ""), _negated=True),
                fields=["source", "name", "happened_at", "recorded_at", "fen"],
                name="figure_moved_of_source",
            ),
        ),
        migrations.AddConstraint(
            model_name="figure",
            constraint=models.UniqueConstraint(fields=("entry_id", "source", "name"), name="figure_once_an_entry"),
        ),
        migrations.RunPython(install, remove),
    ]
