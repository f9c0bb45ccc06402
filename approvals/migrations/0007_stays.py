"""Waits as the worker keeps them from the record, for the table of time in stage."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("approvals", "0006_looks"),
    ]

    operations = [
        migrations.CreateModel(
            name="Stay",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("root_id", models.BigIntegerField()),
                ("kind", models.CharField(max_length=40)),
                ("state", models.CharField(max_length=40)),
                ("limit_days", models.IntegerField(null=True)),
                ("limit_kind", models.CharField(blank=True, max_length=20)),
                ("began_id", models.BigIntegerField()),
                ("ended_id", models.BigIntegerField(null=True)),
                ("since", models.DateField()),
                ("until", models.DateField(null=True)),
                ("days", models.IntegerField(null=True)),
                ("over", models.BooleanField(null=True)),
                ("stops", models.TextField(blank=True)),
                ("unit", models.CharField(blank=True, max_length=200)),
                ("township", models.CharField(blank=True, max_length=200)),
                ("extended", models.BooleanField()),
            ],
            options={
                "verbose_name": "stay",
                "indexes": [
                    models.Index(fields=["root_id"], name="stay_of_root"),
                    models.Index(
                        condition=models.Q(("days__isnull", False)),
                        fields=["kind", "state", "limit_days", "limit_kind", "days", "over", "since", "root_id"],
                        name="stay_ended",
                    ),
                    models.Index(
                        condition=models.Q(("days__isnull", True)),
                        fields=["kind", "state", "limit_days", "limit_kind", "since", "root_id"],
                        name="stay_open",
                    ),
                ],
            },
        ),
    ]
