"""The money's tables, and the triggers that keep what must not change."""

import django.db.models.deletion
import django.db.models.functions.comparison
import django.db.models.functions.text
from django.db import migrations, models

from audit import immutability

#: As it was then: a later column cannot be guarded before it is there.
GUARDED = (
    "funds_transfer",
    immutability.Columns(
        "funds_source", ("manager", "channel", "purpose", "nature", "procedure", "kind", "amount_fen")
    ),
)


def install(apps, schema_editor):
    immutability.install(schema_editor.connection, *GUARDED)


def remove(apps, schema_editor):
    immutability.remove(schema_editor.connection, *GUARDED)


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Source",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                ("name", models.CharField(max_length=120, verbose_name="name")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("central", "central government"),
                            ("provincial", "province"),
                            ("city", "city"),
                            ("county", "county"),
                            ("department", "department's own programme"),
                            ("loan_interest_subsidy", "loan interest subsidy"),
                            ("donation", "donation"),
                            ("self_raised", "self-raised funds"),
                            ("labour", "labour contributed"),
                        ],
                        max_length=30,
                        verbose_name="kind",
                    ),
                ),
                ("manager", models.CharField(max_length=120, verbose_name="manager")),
                ("channel", models.CharField(max_length=120, verbose_name="channel")),
                ("purpose", models.CharField(max_length=40, verbose_name="purpose")),
                ("nature", models.CharField(max_length=120, verbose_name="nature")),
                ("procedure", models.CharField(max_length=120, verbose_name="procedure")),
                (
                    "document_number",
                    models.CharField(blank=True, max_length=80, verbose_name="document number"),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="year")),
                ("amount_fen", models.BigIntegerField(verbose_name="amount")),
                (
                    "received_on",
                    models.DateField(blank=True, null=True, verbose_name="received on"),
                ),
            ],
            options={
                "verbose_name": "source of funds",
                "ordering": ["year", "id"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("amount_fen__gt", 0), ("amount_fen__lte", 10000000000000)),
                        name="funds_source_amount",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("manager", ""),
                                ("channel", ""),
                                ("purpose", ""),
                                ("nature", ""),
                                ("procedure", ""),
                                _connector="OR",
                            ),
                            _negated=True,
                        ),
                        name="funds_source_five_facts_known",
                    ),
                    models.UniqueConstraint(fields=("year", "document_number", "name"), name="funds_source_once"),
                ],
            },
        ),
        migrations.CreateModel(
            name="Account",
            fields=[
                ("code", models.CharField(max_length=60, primary_key=True, serialize=False)),
                ("case_id", models.BigIntegerField(db_index=True, null=True)),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("issued", "issued"),
                            ("unallocated", "unallocated"),
                            ("returned", "returned"),
                            ("reserved", "reserved"),
                            ("paid", "paid"),
                            ("retained", "retained"),
                        ],
                        max_length=12,
                    ),
                ),
                ("debits_fen", models.BigIntegerField(default=0)),
                ("credits_fen", models.BigIntegerField(default=0)),
                (
                    "source",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="accounts",
                        to="funds.source",
                    ),
                ),
            ],
            options={
                "verbose_name": "account",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="Transfer",
            fields=[
                (
                    "id",
                    models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID"),
                ),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("fund", "received"),
                            ("reserve", "reserved for a project"),
                            ("pay", "paid"),
                            ("retain", "retained"),
                            ("release", "reserve released"),
                            ("refund", "retention paid out"),
                            ("recover", "recovered"),
                            ("return", "returned to the issuer"),
                        ],
                        max_length=12,
                    ),
                ),
                ("fen", models.BigIntegerField()),
                ("key", models.CharField(max_length=160, unique=True)),
                ("case_id", models.BigIntegerField(db_index=True, null=True)),
                ("claim_id", models.BigIntegerField(db_index=True, null=True)),
                ("happened_at", models.DateTimeField()),
                ("recorded_at", models.DateTimeField()),
                ("memo", models.CharField(blank=True, max_length=200)),
                (
                    "credit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="funds.account",
                    ),
                ),
                (
                    "debit",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="funds.account",
                    ),
                ),
                (
                    "reverses",
                    models.OneToOneField(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="reversed_by",
                        to="funds.transfer",
                    ),
                ),
            ],
            options={
                "verbose_name": "transfer",
                "ordering": ["id"],
            },
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(("credits_fen__gte", 0), ("debits_fen__gte", 0)),
                name="funds_account_counters",
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("kind", "issued"),
                    ("credits_fen__gte", models.F("debits_fen")),
                    _connector="OR",
                ),
                name="funds_account_not_overdrawn",
            ),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("case_id__isnull", True),
                        (
                            "code",
                            django.db.models.functions.text.Concat(
                                models.Value("S"),
                                django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                models.Value(":"),
                                "kind",
                            ),
                        ),
                        ("kind__in", ["issued", "unallocated", "returned"]),
                    ),
                    models.Q(
                        ("case_id__isnull", False),
                        (
                            "code",
                            django.db.models.functions.text.Concat(
                                models.Value("S"),
                                django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                models.Value(":P"),
                                django.db.models.functions.comparison.Cast("case_id", models.CharField()),
                                models.Value(":"),
                                "kind",
                            ),
                        ),
                        ("kind__in", ["reserved", "paid", "retained"]),
                    ),
                    _connector="OR",
                ),
                name="funds_account_code_says_whose",
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.CheckConstraint(
                condition=models.Q(("fen__gt", 0), ("fen__lte", 10000000000000)),
                name="funds_transfer_fen",
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.CheckConstraint(
                condition=models.Q(("debit", models.F("credit")), _negated=True),
                name="funds_transfer_moves",
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.CheckConstraint(
                condition=models.Q(("key", ""), _negated=True), name="funds_transfer_key"
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.CheckConstraint(
                condition=models.Q(("recorded_at__gte", models.F("happened_at"))),
                name="funds_transfer_times",
            ),
        ),
        migrations.RunPython(install, remove),
    ]
