"""What the worker found in a long record, kept for the pages."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("approvals", "0005_vacant"),
    ]

    operations = [
        migrations.CreateModel(
            name="Look",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("name", models.CharField(max_length=20, unique=True)),
                ("head", models.BigIntegerField()),
                ("day", models.DateField()),
                ("made_at", models.DateTimeField()),
                ("took_ms", models.PositiveIntegerField()),
                ("value", models.TextField()),
            ],
        ),
    ]
