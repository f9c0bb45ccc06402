"""An index of the words of the record, and of the names in it."""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

from audit import said


def install(apps: Any, schema_editor: Any) -> None:
    said.install(schema_editor.connection)


def remove(apps: Any, schema_editor: Any) -> None:
    said.remove(schema_editor.connection)


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0005_figures"),
    ]

    operations = [
        *(
            migrations.AddIndex(model_name="entry", index=models.Index(fields=fields, name=name))
            for name, fields in (
                ("entry_of_name", ["actor_name", "id"]),
                ("entry_of_behalf", ["behalf_name", "id"]),
                ("entry_of_post", ["post", "id"]),
                ("entry_of_unit_name", ["unit_name", "id"]),
                ("entry_in_recording", ["recorded_at"]),
            )
        ),
        migrations.RunPython(install, remove),
    ]
