"""Searches of the record that readers keep under a name: no part of the record, so that nothing guards them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("audit", "0003_access"),
    ]

    operations = [
        migrations.CreateModel(
            name="SavedSearch",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("owner_id", models.BigIntegerField()),
                ("owner_name", models.CharField(max_length=150, verbose_name="person")),
                ("name", models.CharField(max_length=60, verbose_name="name")),
                ("query", models.CharField(max_length=1000, verbose_name="search")),
                ("shared", models.BooleanField(default=False, verbose_name="shared")),
            ],
            options={
                "verbose_name": "saved search",
                "db_table": "audit_saved_search",
                "ordering": ["name", "id"],
                "default_permissions": (),
                "constraints": [
                    models.UniqueConstraint(fields=("owner_id", "name"), name="saved_search_name_once_an_owner"),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(("name", ""), _negated=True), models.Q(("query", ""), _negated=True)
                        ),
                        name="saved_search_asks_something",
                    ),
                ],
            },
        ),
    ]
