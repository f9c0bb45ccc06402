"""The tree over all entries and its checkpoints: append-only, but for the moment a checkpoint was mailed."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

from audit import immutability

GUARDED = (
    "audit_leaf",
    "audit_tile",
    immutability.Columns("audit_checkpoint", ("id", "size", "root", "note", "made_at")),
)


def install(apps: Any, schema_editor: Any) -> None:
    immutability.install(schema_editor.connection, *GUARDED)


def remove(apps: Any, schema_editor: Any) -> None:
    immutability.remove(schema_editor.connection, *GUARDED)


class Migration(migrations.Migration):
    dependencies = [("audit", "0001_record")]

    operations = [
        migrations.CreateModel(
            name="Leaf",
            fields=[
                ("idx", models.BigIntegerField(primary_key=True, serialize=False)),
                ("entry_id", models.BigIntegerField(unique=True)),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "verbose_name": "leaf",
                "db_table": "audit_leaf",
                "ordering": ["idx"],
                "default_permissions": (),
            },
        ),
        migrations.CreateModel(
            name="Tile",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("level", models.PositiveSmallIntegerField()),
                ("idx", models.BigIntegerField()),
                ("hash", models.CharField(max_length=64)),
            ],
            options={
                "verbose_name": "tile",
                "db_table": "audit_tile",
                "ordering": ["level", "idx"],
                "default_permissions": (),
                "constraints": [models.UniqueConstraint(fields=("level", "idx"), name="tile_once")],
            },
        ),
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("size", models.BigIntegerField(unique=True, verbose_name="entries")),
                ("root", models.CharField(max_length=64, verbose_name="root")),
                ("note", models.TextField(verbose_name="signed note")),
                ("made_at", models.DateTimeField(verbose_name="made at")),
                ("mailed_at", models.DateTimeField(null=True, verbose_name="mailed at")),
            ],
            options={
                "verbose_name": "checkpoint",
                "verbose_name_plural": "checkpoints",
                "db_table": "audit_checkpoint",
                "ordering": ["size"],
                "default_permissions": (),
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("size__gte", 1)),
                        name="checkpoint_of_something",
                    ),
                ],
            },
        ),
        migrations.RunPython(install, remove),
    ]
