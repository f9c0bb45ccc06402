"""One way for each kind of transfer; money on its way, carried over, and labour counted at a rate."""

import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.comparison
import django.db.models.functions.text
from django.db import migrations, models
from django.db.models import OuterRef, Subquery

from audit import immutability

# As they were then: a migration installs no trigger on a column that comes later.
GUARDED = (
    "funds_transfer",
    immutability.Columns(
        "funds_source",
        (
            "name", "kind", "manager", "channel", "purpose", "nature", "procedure", "document_number", "year",
            "amount_fen", "days_milli", "rate_fen", "rate_document",
        ),
    ),
)  # fmt: skip


def unlock(apps, schema_editor):
    immutability.remove(schema_editor.connection, *GUARDED)


def lock_as_before(apps, schema_editor):
    before = ("manager", "channel", "purpose", "nature", "procedure", "kind", "amount_fen")
    immutability.install(schema_editor.connection, "funds_transfer", immutability.Columns("funds_source", before))


def lock(apps, schema_editor):
    immutability.install(schema_editor.connection, *GUARDED)


def fill(apps, schema_editor):
    """The source of each transfer, once more in a column; cancelled retention under its own name."""
    accounts, sources, transfers = (apps.get_model("funds", n).objects for n in ("Account", "Source", "Transfer"))
    source = accounts.filter(code=OuterRef("debit_id")).values("source_id")
    transfers.update(source_id=Subquery(source))
    forwards = transfers.filter(kind="recover", reverses=None, debit__kind="retained")
    backwards = transfers.filter(kind="recover", credit__kind="retained").exclude(reverses=None)
    for which in (forwards, backwards):
        transfers.filter(pk__in=which.values("pk")).update(kind="cancel")
    sources.filter(document_number="").update(document_number="—")
    # PostgreSQL alters no table whose foreign keys still wait to be checked.
    schema_editor.connection.check_constraints()


class Migration(migrations.Migration):
    dependencies = [
        ("funds", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(unlock, lock_as_before),
        migrations.RemoveConstraint(
            model_name="account",
            name="funds_account_code_says_whose",
        ),
        migrations.AddField(
            model_name="source",
            name="days_milli",
            field=models.BigIntegerField(blank=True, null=True, verbose_name="days of labour"),
        ),
        migrations.AddField(
            model_name="source",
            name="rate_document",
            field=models.CharField(blank=True, max_length=80, verbose_name="document of the rate"),
        ),
        migrations.AddField(
            model_name="source",
            name="rate_fen",
            field=models.BigIntegerField(blank=True, null=True, verbose_name="rate a day"),
        ),
        migrations.AddField(
            model_name="transfer",
            name="resolves",
            field=models.OneToOneField(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="resolved_by", to="funds.transfer"
            ),
        ),
        migrations.AddField(
            model_name="transfer",
            name="source",
            field=models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="funds.source",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(
            model_name="transfer",
            name="source",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="funds.source"
            ),
        ),
        migrations.AlterField(
            model_name="account",
            name="kind",
            field=models.CharField(
                choices=[
                    ("issued", "issued"),
                    ("unallocated", "unallocated"),
                    ("carried", "carried over"),
                    ("returned", "returned"),
                    ("reserved", "reserved"),
                    ("ordered", "on its way to the payee"),
                    ("paid", "paid"),
                    ("counted", "labour counted"),
                    ("retained", "retained"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="source",
            name="document_number",
            field=models.CharField(max_length=80, verbose_name="document number"),
        ),
        migrations.AlterField(
            model_name="source",
            name="kind",
            field=models.CharField(
                choices=[
                    ("central", "central government"),
                    ("provincial", "province"),
                    ("city", "city"),
                    ("county", "county match"),
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
        migrations.AlterField(
            model_name="transfer",
            name="case_id",
            field=models.BigIntegerField(null=True),
        ),
        migrations.AlterField(
            model_name="transfer",
            name="credit",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="funds.account"
            ),
        ),
        migrations.AlterField(
            model_name="transfer",
            name="debit",
            field=models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="funds.account"
            ),
        ),
        migrations.AlterField(
            model_name="transfer",
            name="kind",
            field=models.CharField(
                choices=[
                    ("fund", "received"),
                    ("reserve", "reserved for a project"),
                    ("release", "reserve released"),
                    ("order", "payment ordered"),
                    ("settle", "paid by the bank"),
                    ("bounce", "not paid, back in the reserve"),
                    ("pay", "paid"),
                    ("send_back", "sent back by the payee's bank"),
                    ("count", "labour counted"),
                    ("retain", "retained"),
                    ("refund", "retention paid out"),
                    ("cancel", "retention cancelled"),
                    ("recover", "recovered"),
                    ("carry_over", "carried over"),
                    ("replan", "planned anew after carrying over"),
                    ("return", "returned to the issuer"),
                    ("lapse", "carried over too long, returned"),
                ],
                max_length=12,
            ),
        ),
        migrations.AddIndex(
            model_name="transfer",
            index=models.Index(fields=["case_id", "happened_at"], name="funds_transfer_of_case"),
        ),
        migrations.AddIndex(
            model_name="transfer",
            index=models.Index(fields=["source", "happened_at"], name="funds_transfer_of_source"),
        ),
        migrations.AddConstraint(
            model_name="account",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "issued"),
                        ("case_id__isnull", True),
                        (
                            "code",
                            django.db.models.functions.text.Concat(
                                models.Value("S"),
                                django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                models.Value(":issued"),
                            ),
                        ),
                    ),
                    models.Q(
                        ("kind", "unallocated"),
                        ("case_id__isnull", True),
                        (
                            "code",
                            django.db.models.functions.text.Concat(
                                models.Value("S"),
                                django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                models.Value(":unallocated"),
                            ),
                        ),
                    ),
                    models.Q(
                        ("kind", "carried"),
                        ("case_id__isnull", True),
                        (
                            "code",
                            django.db.models.functions.text.Concat(
                                models.Value("S"),
                                django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                models.Value(":carried"),
                            ),
                        ),
                    ),
                    models.Q(
                        ("kind", "returned"),
                        ("case_id__isnull", True),
                        (
                            "code",
                            django.db.models.functions.text.Concat(
                                models.Value("S"),
                                django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                models.Value(":returned"),
                            ),
                        ),
                    ),
                    models.Q(
                        ("kind", "reserved"),
                        ("case_id__isnull", False),
                        (
                            "code",
                            django.db.models.functions.text.Concat(
                                models.Value("S"),
                                django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                models.Value(":P"),
                                django.db.models.functions.comparison.Cast("case_id", models.CharField()),
                                models.Value(":reserved"),
                            ),
                        ),
                    ),
                    models.Q(
                        ("kind", "ordered"),
                        ("case_id__isnull", False),
                        (
                            "code",
                            django.db.models.functions.text.Concat(
                                models.Value("S"),
                                django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                models.Value(":P"),
                                django.db.models.functions.comparison.Cast("case_id", models.CharField()),
                                models.Value(":ordered"),
                            ),
                        ),
                    ),
                    models.Q(
                        ("kind", "paid"),
                        ("case_id__isnull", False),
                        (
                            "code",
                            django.db.models.functions.text.Concat(
                                models.Value("S"),
                                django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                models.Value(":P"),
                                django.db.models.functions.comparison.Cast("case_id", models.CharField()),
                                models.Value(":paid"),
                            ),
                        ),
                    ),
                    models.Q(
                        ("kind", "counted"),
                        ("case_id__isnull", False),
                        (
                            "code",
                            django.db.models.functions.text.Concat(
                                models.Value("S"),
                                django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                models.Value(":P"),
                                django.db.models.functions.comparison.Cast("case_id", models.CharField()),
                                models.Value(":counted"),
                            ),
                        ),
                    ),
                    models.Q(
                        ("kind", "retained"),
                        ("case_id__isnull", False),
                        (
                            "code",
                            django.db.models.functions.text.Concat(
                                models.Value("S"),
                                django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                models.Value(":P"),
                                django.db.models.functions.comparison.Cast("case_id", models.CharField()),
                                models.Value(":retained"),
                            ),
                        ),
                    ),
                    _connector="OR",
                ),
                name="funds_account_code_says_whose",
            ),
        ),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.CheckConstraint(
                condition=models.Q(("document_number", ""), _negated=True), name="funds_source_has_document"
            ),
        ),
        migrations.AddConstraint(
            model_name="source",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(
                            ("days_milli__gt", 0),
                            ("kind", "labour"),
                            ("rate_fen__gt", 0),
                            models.Q(("rate_document", ""), _negated=True),
                        ),
                        models.Q(("days_milli__isnull", False), ("rate_fen__isnull", False)),
                        models.Q(("days_milli__lte", 1000000000), ("rate_fen__lte", 100000000)),
                        models.Q(
                            (
                                "amount_fen",
                                django.db.models.expressions.CombinedExpression(
                                    django.db.models.expressions.CombinedExpression(
                                        models.F("days_milli"), "*", models.F("rate_fen")
                                    ),
                                    "/",
                                    models.Value(1000),
                                ),
                            )
                        ),
                    ),
                    models.Q(
                        models.Q(("kind", "labour"), _negated=True),
                        ("days_milli__isnull", True),
                        ("rate_document", ""),
                        ("rate_fen__isnull", True),
                    ),
                    _connector="OR",
                ),
                name="funds_source_labour_at_a_rate",
            ),
        ),
        migrations.AddConstraint(
            model_name="transfer",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "fund"),
                        ("case_id__isnull", True),
                        ("resolves__isnull", True),
                        models.Q(
                            models.Q(
                                (
                                    "credit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":unallocated"),
                                    ),
                                ),
                                (
                                    "debit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":issued"),
                                    ),
                                ),
                                ("reverses__isnull", True),
                            ),
                            models.Q(
                                (
                                    "credit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":issued"),
                                    ),
                                ),
                                (
                                    "debit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":unallocated"),
                                    ),
                                ),
                                ("reverses__isnull", False),
                            ),
                            _connector="OR",
                        ),
                    ),
                    models.Q(
                        ("kind", "reserve"),
                        ("case_id__isnull", False),
                        ("resolves__isnull", True),
                        models.Q(
                            models.Q(
                                (
                                    "credit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":P"),
                                        django.db.models.functions.comparison.Cast("case_id", models.CharField()),
                                        models.Value(":reserved"),
                                    ),
                                ),
                                (
                                    "debit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":unallocated"),
                                    ),
                                ),
                                ("reverses__isnull", True),
                            ),
                            models.Q(
                                (
                                    "credit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":unallocated"),
                                    ),
                                ),
                                (
                                    "debit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":P"),
                                        django.db.models.functions.comparison.Cast("case_id", models.CharField()),
                                        models.Value(":reserved"),
                                    ),
                                ),
                                ("reverses__isnull", False),
                            ),
                            _connector="OR",
                        ),
                    ),
                    models.Q(
                        ("kind", "release"),
                        ("case_id__isnull", False),
                        ("resolves__isnull", True),
                        models.Q(
                            models.Q(
                                (
                                    "credit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":unallocated"),
                                    ),
                                ),
                                (
                                    "debit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":P"),
                                        django.db.models.functions.comparison.Cast("case_id", models.CharField()),
                                        models.Value(":reserved"),
                                    ),
                                ),
                                ("reverses__isnull", True),
                            ),
                            models.Q(
                                (
                                    "credit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":P"),
                                        django.db.models.functions.comparison.Cast("case_id", models.CharField()),
                                        models.Value(":reserved"),
                                    ),
                                ),
                                (
                                    "debit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":unallocated"),
                                    ),
                                ),
                                ("reverses__isnull", False),
                            ),
                            _connector="OR",
                        ),
                    ),
                    models.Q(
                        ("kind", "order"),
                        ("case_id__isnull", False),
                        ("resolves__isnull", True),
                        (
                            "credit",
                            django.db.models.functions.text.Concat(
                                models.Value("S"),
                                django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                models.Value(":P"),
                                django.db.models.functions.comparison.Cast("case_id", models.CharField()),
                                models.Value(":ordered"),
                            ),
                        ),
                        (
                            "debit",
                            django.db.models.functions.text.Concat(
                                models.Value("S"),
                                django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                models.Value(":P"),
                                django.db.models.functions.comparison.Cast("case_id", models.CharField()),
                                models.Value(":reserved"),
                            ),
                        ),
                        ("reverses__isnull", True),
                    ),
                    models.Q(
                        ("kind", "settle"),
                        ("case_id__isnull", False),
                        ("resolves__isnull", False),
                        (
                            "credit",
                            django.db.models.functions.text.Concat(
                                models.Value("S"),
                                django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                models.Value(":P"),
                                django.db.models.functions.comparison.Cast("case_id", models.CharField()),
                                models.Value(":paid"),
                            ),
                        ),
                        (
                            "debit",
                            django.db.models.functions.text.Concat(
                                models.Value("S"),
                                django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                models.Value(":P"),
                                django.db.models.functions.comparison.Cast("case_id", models.CharField()),
                                models.Value(":ordered"),
                            ),
                        ),
                        ("reverses__isnull", True),
                    ),
                    models.Q(
                        ("kind", "bounce"),
                        ("case_id__isnull", False),
                        ("resolves__isnull", False),
                        (
                            "credit",
                            django.db.models.functions.text.Concat(
                                models.Value("S"),
                                django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                models.Value(":P"),
                                django.db.models.functions.comparison.Cast("case_id", models.CharField()),
                                models.Value(":reserved"),
                            ),
                        ),
                        (
                            "debit",
                            django.db.models.functions.text.Concat(
                                models.Value("S"),
                                django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                models.Value(":P"),
                                django.db.models.functions.comparison.Cast("case_id", models.CharField()),
                                models.Value(":ordered"),
                            ),
                        ),
                        ("reverses__isnull", True),
                    ),
                    models.Q(
                        ("kind", "pay"),
                        ("case_id__isnull", False),
                        ("resolves__isnull", True),
                        models.Q(
                            models.Q(
                                (
                                    "credit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":P"),
                                        django.db.models.functions.comparison.Cast("case_id", models.CharField()),
                                        models.Value(":paid"),
                                    ),
                                ),
                                (
                                    "debit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":P"),
                                        django.db.models.functions.comparison.Cast("case_id", models.CharField()),
                                        models.Value(":reserved"),
                                    ),
                                ),
                                ("reverses__isnull", True),
                            ),
                            models.Q(
                                (
                                    "credit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":P"),
                                        django.db.models.functions.comparison.Cast("case_id", models.CharField()),
                                        models.Value(":reserved"),
                                    ),
                                ),
                                (
                                    "debit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":P"),
                                        django.db.models.functions.comparison.Cast("case_id", models.CharField()),
                                        models.Value(":paid"),
                                    ),
                                ),
                                ("reverses__isnull", False),
                            ),
                            _connector="OR",
                        ),
                    ),
                    models.Q(
                        ("kind", "send_back"),
                        ("case_id__isnull", False),
                        ("resolves__isnull", True),
                        models.Q(
                            models.Q(
                                (
                                    "credit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":P"),
                                        django.db.models.functions.comparison.Cast("case_id", models.CharField()),
                                        models.Value(":reserved"),
                                    ),
                                ),
                                (
                                    "debit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":P"),
                                        django.db.models.functions.comparison.Cast("case_id", models.CharField()),
                                        models.Value(":paid"),
                                    ),
                                ),
                                ("reverses__isnull", True),
                            ),
                            models.Q(
                                (
                                    "credit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":P"),
                                        django.db.models.functions.comparison.Cast("case_id", models.CharField()),
                                        models.Value(":paid"),
                                    ),
                                ),
                                (
                                    "debit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":P"),
                                        django.db.models.functions.comparison.Cast("case_id", models.CharField()),
                                        models.Value(":reserved"),
                                    ),
                                ),
                                ("reverses__isnull", False),
                            ),
                            _connector="OR",
                        ),
                    ),
                    models.Q(
                        ("kind", "count"),
                        ("case_id__isnull", False),
                        ("resolves__isnull", True),
                        models.Q(
                            models.Q(
                                (
                                    "credit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":P"),
                                        django.db.models.functions.comparison.Cast("case_id", models.CharField()),
                                        models.Value(":counted"),
                                    ),
                                ),
                                (
                                    "debit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":P"),
                                        django.db.models.functions.comparison.Cast("case_id", models.CharField()),
                                        models.Value(":reserved"),
                                    ),
                                ),
                                ("reverses__isnull", True),
                            ),
                            models.Q(
                                (
                                    "credit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":P"),
                                        django.db.models.functions.comparison.Cast("case_id", models.CharField()),
                                        models.Value(":reserved"),
                                    ),
                                ),
                                (
                                    "debit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":P"),
                                        django.db.models.functions.comparison.Cast("case_id", models.CharField()),
                                        models.Value(":counted"),
                                    ),
                                ),
                                ("reverses__isnull", False),
                            ),
                            _connector="OR",
                        ),
                    ),
                    models.Q(
                        ("kind", "retain"),
                        ("case_id__isnull", False),
                        ("resolves__isnull", True),
                        models.Q(
                            models.Q(
                                (
                                    "credit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":P"),
                                        django.db.models.functions.comparison.Cast("case_id", models.CharField()),
                                        models.Value(":retained"),
                                    ),
                                ),
                                (
                                    "debit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":P"),
                                        django.db.models.functions.comparison.Cast("case_id", models.CharField()),
                                        models.Value(":reserved"),
                                    ),
                                ),
                                ("reverses__isnull", True),
                            ),
                            models.Q(
                                (
                                    "credit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":P"),
                                        django.db.models.functions.comparison.Cast("case_id", models.CharField()),
                                        models.Value(":reserved"),
                                    ),
                                ),
                                (
                                    "debit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":P"),
                                        django.db.models.functions.comparison.Cast("case_id", models.CharField()),
                                        models.Value(":retained"),
                                    ),
                                ),
                                ("reverses__isnull", False),
                            ),
                            _connector="OR",
                        ),
                    ),
                    models.Q(
                        ("kind", "refund"),
                        ("case_id__isnull", False),
                        ("resolves__isnull", True),
                        models.Q(
                            models.Q(
                                (
                                    "credit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":P"),
                                        django.db.models.functions.comparison.Cast("case_id", models.CharField()),
                                        models.Value(":paid"),
                                    ),
                                ),
                                (
                                    "debit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":P"),
                                        django.db.models.functions.comparison.Cast("case_id", models.CharField()),
                                        models.Value(":retained"),
                                    ),
                                ),
                                ("reverses__isnull", True),
                            ),
                            models.Q(
                                (
                                    "credit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":P"),
                                        django.db.models.functions.comparison.Cast("case_id", models.CharField()),
                                        models.Value(":retained"),
                                    ),
                                ),
                                (
                                    "debit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":P"),
                                        django.db.models.functions.comparison.Cast("case_id", models.CharField()),
                                        models.Value(":paid"),
                                    ),
                                ),
                                ("reverses__isnull", False),
                            ),
                            _connector="OR",
                        ),
                    ),
                    models.Q(
                        ("kind", "cancel"),
                        ("case_id__isnull", False),
                        ("resolves__isnull", True),
                        models.Q(
                            models.Q(
                                (
                                    "credit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":unallocated"),
                                    ),
                                ),
                                (
                                    "debit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":P"),
                                        django.db.models.functions.comparison.Cast("case_id", models.CharField()),
                                        models.Value(":retained"),
                                    ),
                                ),
                                ("reverses__isnull", True),
                            ),
                            models.Q(
                                (
                                    "credit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":P"),
                                        django.db.models.functions.comparison.Cast("case_id", models.CharField()),
                                        models.Value(":retained"),
                                    ),
                                ),
                                (
                                    "debit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":unallocated"),
                                    ),
                                ),
                                ("reverses__isnull", False),
                            ),
                            _connector="OR",
                        ),
                    ),
                    models.Q(
                        ("kind", "recover"),
                        ("case_id__isnull", False),
                        ("resolves__isnull", True),
                        models.Q(
                            models.Q(
                                (
                                    "credit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":unallocated"),
                                    ),
                                ),
                                (
                                    "debit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":P"),
                                        django.db.models.functions.comparison.Cast("case_id", models.CharField()),
                                        models.Value(":paid"),
                                    ),
                                ),
                                ("reverses__isnull", True),
                            ),
                            models.Q(
                                (
                                    "credit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":P"),
                                        django.db.models.functions.comparison.Cast("case_id", models.CharField()),
                                        models.Value(":paid"),
                                    ),
                                ),
                                (
                                    "debit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":unallocated"),
                                    ),
                                ),
                                ("reverses__isnull", False),
                            ),
                            _connector="OR",
                        ),
                    ),
                    models.Q(
                        ("kind", "carry_over"),
                        ("case_id__isnull", True),
                        ("resolves__isnull", True),
                        models.Q(
                            models.Q(
                                (
                                    "credit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":carried"),
                                    ),
                                ),
                                (
                                    "debit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":unallocated"),
                                    ),
                                ),
                                ("reverses__isnull", True),
                            ),
                            models.Q(
                                (
                                    "credit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":unallocated"),
                                    ),
                                ),
                                (
                                    "debit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":carried"),
                                    ),
                                ),
                                ("reverses__isnull", False),
                            ),
                            _connector="OR",
                        ),
                    ),
                    models.Q(
                        ("kind", "replan"),
                        ("case_id__isnull", True),
                        ("resolves__isnull", True),
                        models.Q(
                            models.Q(
                                (
                                    "credit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":unallocated"),
                                    ),
                                ),
                                (
                                    "debit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":carried"),
                                    ),
                                ),
                                ("reverses__isnull", True),
                            ),
                            models.Q(
                                (
                                    "credit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":carried"),
                                    ),
                                ),
                                (
                                    "debit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":unallocated"),
                                    ),
                                ),
                                ("reverses__isnull", False),
                            ),
                            _connector="OR",
                        ),
                    ),
                    models.Q(
                        ("kind", "return"),
                        ("case_id__isnull", True),
                        ("resolves__isnull", True),
                        models.Q(
                            models.Q(
                                (
                                    "credit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":returned"),
                                    ),
                                ),
                                (
                                    "debit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":unallocated"),
                                    ),
                                ),
                                ("reverses__isnull", True),
                            ),
                            models.Q(
                                (
                                    "credit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":unallocated"),
                                    ),
                                ),
                                (
                                    "debit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":returned"),
                                    ),
                                ),
                                ("reverses__isnull", False),
                            ),
                            _connector="OR",
                        ),
                    ),
                    models.Q(
                        ("kind", "lapse"),
                        ("case_id__isnull", True),
                        ("resolves__isnull", True),
                        models.Q(
                            models.Q(
                                (
                                    "credit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":returned"),
                                    ),
                                ),
                                (
                                    "debit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":carried"),
                                    ),
                                ),
                                ("reverses__isnull", True),
                            ),
                            models.Q(
                                (
                                    "credit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":carried"),
                                    ),
                                ),
                                (
                                    "debit",
                                    django.db.models.functions.text.Concat(
                                        models.Value("S"),
                                        django.db.models.functions.comparison.Cast("source_id", models.CharField()),
                                        models.Value(":returned"),
                                    ),
                                ),
                                ("reverses__isnull", False),
                            ),
                            _connector="OR",
                        ),
                    ),
                    _connector="OR",
                ),
                name="funds_transfer_lawful_way",
            ),
        ),
        migrations.RunPython(lock, unlock),
    ]
