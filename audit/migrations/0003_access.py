"""Who came in, was refused, read personal data, took something out: append-only as the record is."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

from audit import immutability


def install(apps: Any, schema_editor: Any) -> None:
    immutability.install(schema_editor.connection, "audit_access")


def remove(apps: Any, schema_editor: Any) -> None:
    immutability.remove(schema_editor.connection, "audit_access")


KINDS = ("login", "logout", "failed", "locked", "refused", "personal", "export")


class Migration(migrations.Migration):
    dependencies = [("audit", "0002_checkpoints")]

    operations = [
        migrations.CreateModel(
            name="Access",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("at", models.DateTimeField(verbose_name="time")),
                (
                    "kind",
                    models.CharField(
                        max_length=12,
                        verbose_name="what",
                        choices=[
                            ("login", "logged in"),
                            ("logout", "logged out"),
                            ("failed", "failed to log in"),
                            ("locked", "locked out"),
                            ("refused", "was refused"),
                            ("personal", "read personal data"),
                            ("export", "took a file out"),
                        ],
                    ),
                ),
                ("person_id", models.BigIntegerField(null=True)),
                ("person_name", models.CharField(blank=True, max_length=150, verbose_name="person")),
                ("address", models.CharField(blank=True, max_length=45, verbose_name="address")),
                ("asked", models.CharField(blank=True, max_length=200, verbose_name="page")),
                ("case_id", models.BigIntegerField(null=True)),
                ("status", models.PositiveSmallIntegerField(null=True, verbose_name="answer")),
                ("detail", models.CharField(blank=True, max_length=300, verbose_name="detail")),
            ],
            options={
                "verbose_name": "access",
                "db_table": "audit_access",
                "ordering": ["id"],
                "default_permissions": ("view",),
                "indexes": [
                    models.Index(fields=["person_id", "id"], name="access_of_person"),
                    models.Index(fields=["kind", "id"], name="access_of_kind"),
                    models.Index(fields=["case_id", "id"], name="access_of_case"),
                    models.Index(fields=["at"], name="access_in_period"),
                ],
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("kind__in", KINDS)), name="access_kind_known"),
                ],
            },
        ),
        migrations.RunPython(install, remove),
    ]
