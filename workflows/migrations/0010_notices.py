import django.db.models.deletion
from django.db import migrations, models

import workflows.secrecy


class Migration(migrations.Migration):
    dependencies = [
        ("workflows", "0009_clock"),
    ]

    operations = [
        migrations.CreateModel(
            name="Complaint",
            fields=[
                (
                    "case_ptr",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.PROTECT,
                        parent_link=True,
                        primary_key=True,
                        serialize=False,
                        to="workflows.case",
                    ),
                ),
                ("text", models.TextField()),
                ("complainant", workflows.secrecy.SealedField(default=workflows.secrecy.Secret)),
                ("contact", workflows.secrecy.SealedField(default=workflows.secrecy.Secret)),
                ("receipt_sha256", models.CharField(blank=True, db_index=True, max_length=64)),
                ("received_at", models.DateTimeField()),
                ("handler", models.CharField(blank=True, max_length=20)),
                ("extended_days", models.PositiveSmallIntegerField(default=0)),
                ("founded", models.BooleanField(null=True)),
                (
                    "referred_to",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("discipline", "discipline inspection and supervision"),
                            ("justice", "the judicial authorities"),
                        ],
                        max_length=12,
                    ),
                ),
                ("answer", models.TextField(blank=True)),
                ("answered_at", models.DateTimeField(null=True)),
                ("told_on", models.DateField(null=True)),
            ],
            options={
                "verbose_name": "complaint",
            },
            bases=("workflows.case",),
        ),
        migrations.RemoveConstraint(
            model_name="case",
            name="case_state_known",
        ),
        migrations.AddField(
            model_name="evidence",
            name="poster",
            field=models.CharField(blank=True, max_length=40),
        ),
        migrations.AddField(
            model_name="evidence",
            name="text_sha256",
            field=models.CharField(blank=True, max_length=64),
        ),
        migrations.AddField(
            model_name="notice",
            name="last_day",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="notice",
            name="paused_since",
            field=models.DateField(null=True),
        ),
        migrations.AddField(
            model_name="notice",
            name="said",
            field=models.JSONField(default=dict),
        ),
        migrations.AddField(
            model_name="notice",
            name="waiver",
            field=models.CharField(
                blank=True,
                choices=[("asked", "asked for"), ("granted", "granted"), ("refused", "refused")],
                max_length=8,
            ),
        ),
        migrations.AddField(
            model_name="notice",
            name="waiver_answer",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="notice",
            name="waiver_reason",
            field=models.TextField(blank=True),
        ),
        migrations.AddField(
            model_name="objection",
            name="contact",
            field=workflows.secrecy.SealedField(default=workflows.secrecy.Secret),
        ),
        migrations.AddField(
            model_name="objection",
            name="receipt_sha256",
            field=models.CharField(blank=True, db_index=True, max_length=64),
        ),
        migrations.AddField(
            model_name="objection",
            name="referred_to",
            field=models.CharField(
                blank=True,
                choices=[
                    ("discipline", "discipline inspection and supervision"),
                    ("justice", "the judicial authorities"),
                ],
                max_length=12,
            ),
        ),
        migrations.AlterField(
            model_name="case",
            name="kind",
            field=models.CharField(
                choices=[
                    ("project", "Project"),
                    ("notice", "Public notice"),
                    ("tender", "Tender"),
                    ("measurement", "Measurement"),
                    ("claim", "Claim"),
                    ("household_batch", "Household batch"),
                    ("special_audit", "Special audit"),
                    ("acceptance", "Acceptance"),
                    ("rectification", "Rectification"),
                    ("complaint", "Complaint"),
                ],
                max_length=16,
            ),
        ),
        migrations.AlterField(
            model_name="evidence",
            name="photo",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="workflows.attachment"
            ),
        ),
        migrations.AlterField(
            model_name="notice",
            name="purpose",
            field=models.CharField(
                choices=[
                    ("village_entry", "village notice of the application"),
                    ("township_entry", "township notice of the application"),
                    ("plan", "notice of the project plan"),
                    ("allocation", "notice of the allocation of funds"),
                    ("contractor", "notice of the contractor"),
                    ("claim", "notice of the use of funds"),
                    ("acceptance", "notice of the acceptance result"),
                    ("household", "notice of the household list"),
                ],
                max_length=20,
            ),
        ),
        migrations.AddConstraint(
            model_name="case",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        ("kind", "project"),
                        (
                            "state__in",
                            [
                                "draft",
                                "filed",
                                "joint_review",
                                "pipeline",
                                "on_notice",
                                "approved",
                                "procuring",
                                "contracted",
                                "building",
                                "completed",
                                "under_audit",
                                "under_acceptance",
                                "accepted",
                                "handed_over",
                                "closed",
                                "returned",
                                "withdrawn",
                                "rejected",
                                "suspended",
                                "rectifying",
                                "terminated",
                            ],
                        ),
                    ),
                    models.Q(("kind", "notice"), ("state__in", ["prepared", "running", "closed", "void"])),
                    models.Q(
                        ("kind", "tender"),
                        ("state__in", ["prepared", "issued", "opened", "ranked", "awarded", "closed", "failed"]),
                    ),
                    models.Q(
                        ("kind", "measurement"),
                        ("state__in", ["draft", "submitted", "signed", "returned", "withdrawn"]),
                    ),
                    models.Q(
                        ("kind", "claim"),
                        (
                            "state__in",
                            [
                                "draft",
                                "submitted",
                                "township_checked",
                                "department_approved",
                                "finance_approved",
                                "paying",
                                "paid",
                                "payment_failed",
                                "returned",
                                "rejected",
                            ],
                        ),
                    ),
                    models.Q(
                        ("kind", "household_batch"),
                        (
                            "state__in",
                            [
                                "draft",
                                "on_notice",
                                "submitted",
                                "township_checked",
                                "department_approved",
                                "finance_approved",
                                "paying",
                                "payment_failed",
                                "handing_out",
                                "paid",
                                "returned",
                                "withdrawn",
                                "rejected",
                            ],
                        ),
                    ),
                    models.Q(
                        ("kind", "special_audit"), ("state__in", ["notified", "fieldwork", "drafted", "reported"])
                    ),
                    models.Q(("kind", "acceptance"), ("state__in", ["requested", "lower_passed", "passed", "failed"])),
                    models.Q(
                        ("kind", "rectification"), ("state__in", ["issued", "acknowledged", "submitted", "verified"])
                    ),
                    models.Q(
                        ("kind", "complaint"),
                        ("state__in", ["received", "investigating", "answered", "declined", "referred"]),
                    ),
                    _connector="OR",
                ),
                name="case_state_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="complaint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("complainant", ""), ("complainant__startswith", "gAAAA"), _connector="OR"),
                    models.Q(("contact", ""), ("contact__startswith", "gAAAA"), _connector="OR"),
                ),
                name="complaint_sealed",
            ),
        ),
    ]
