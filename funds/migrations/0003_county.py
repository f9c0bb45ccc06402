"""A source belongs to a county, which nobody outside may see or draw on."""

import json

from django.db import migrations, models

from audit import immutability

COLUMNS = (
    "name", "kind", "manager", "channel", "purpose", "nature", "procedure", "document_number", "year",
    "amount_fen", "days_milli", "rate_fen", "rate_document",
)  # fmt: skip
BEFORE = immutability.Columns("funds_source", COLUMNS)
AFTER = immutability.Columns("funds_source", ("county", *COLUMNS))


def unlock(apps, schema_editor):
    immutability.remove(schema_editor.connection, BEFORE)


def lock_as_before(apps, schema_editor):
    immutability.install(schema_editor.connection, BEFORE)


def fill(apps, schema_editor):
    """Whose finance bureau entered a source, its county is: the record names the unit."""
    sources = apps.get_model("funds", "Source").objects
    areas = dict(apps.get_model("workflows", "Unit").objects.values_list("pk", "area__code"))
    for entry in apps.get_model("audit", "Entry").objects.filter(act="sources.open_source"):
        opened = json.loads(bytes(entry.payload))["data"]["source"]
        sources.filter(pk=opened).update(county=areas.get(entry.unit_id, "—"))
    sources.filter(county="").update(county="—")
    # PostgreSQL alters no table whose foreign keys still wait to be checked.
    schema_editor.connection.check_constraints()


def lock(apps, schema_editor):
    immutability.install(schema_editor.connection, AFTER)


class Migration(migrations.Migration):
    dependencies = [
        ("funds", "0002_ways"),
        ("audit", "0001_record"),
        # The one look outside: where the unit stands that entered a source.
        ("workflows", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(unlock, lock_as_before),
        migrations.AddField(
            model_name="source",
            name="county",
            field=models.CharField(default="", max_length=20, verbose_name="county"),
            preserve_default=False,
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.RemoveConstraint(model_name="source", name="funds_source_once"),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.CheckConstraint(
                condition=models.Q(("county", ""), _negated=True), name="funds_source_has_county"
            ),
        ),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.UniqueConstraint(
                fields=("county", "year", "document_number", "name"), name="funds_source_once"
            ),
        ),
        migrations.RunPython(lock, unlock),
    ]
