"""One person's entries by the time when they happened: his page reads a year."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0006_words"),
    ]

    operations = [
        migrations.AddIndex(
            model_name="entry",
            index=models.Index(fields=["actor_id", "happened_at"], name="entry_of_actor_in_time"),
        ),
    ]
