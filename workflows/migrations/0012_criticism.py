import django.db.models.deletion
from django.db import migrations, models


def copy(apps, schema_editor):
    """Orders that were criticised before there was a list of criticisms."""
    criticism = apps.get_model("workflows", "Criticism")
    for order in apps.get_model("workflows", "Rectification").objects.filter(criticised_at__isnull=False):
        criticism.objects.create(
            case_id=order.pk, unit_id=order.addressee_id, state="acknowledged", due_on=order.deadline,
            at=order.criticised_at,
        )  # fmt: skip


class Migration(migrations.Migration):
    dependencies = [("workflows", "0011_rectification")]

    operations = [
        migrations.CreateModel(
            name="Criticism",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("state", models.CharField(max_length=24)),
                ("due_on", models.DateField()),
                ("at", models.DateTimeField()),
                (
                    "case",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="criticisms", to="workflows.case"
                    ),
                ),
                (
                    "unit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="workflows.unit"
                    ),
                ),
            ],
            options={"verbose_name": "criticism", "ordering": ["-at", "-id"]},
        ),
        migrations.RunPython(copy, migrations.RunPython.noop),
        migrations.RemoveField(model_name="rectification", name="criticised_at"),
    ]
