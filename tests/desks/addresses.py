"""What every account asks for: each route's address, and the form that a POST brings."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

from approvals.models import WAITING, DeskTask
from approvals.traveller import Traveller
from audit.models import Entry
from funds.models import Source
from tests.desks.accounts import of_the_record
from workflows.models import Case, LateEntry, Notice, Project
from workflows.openness import public_pictures


def public_addresses(known: Project, other: Case) -> dict[str, str]:
    """What everybody may ask for: of a project whose works have begun, and of one that is not public."""
    notice = Notice.objects.filter(root=known).earliest("id")
    photo = public_pictures(known).earliest("id")
    asked: dict[str, list[object]] = {
        "home": [], "notice": [notice.number], "notices-json": [], "projects": [], "projects-csv": [],
        "projects-json": [], "project": [known.number], "project-json": [known.number], "board": [known.number],
        "picture": [known.number, photo.pk], "object": [notice.number], "complain": [known.number], "receipt": [],
        "supervision": [],
    }  # fmt: skip
    return {f"public:{name}": reverse(f"public:{name}", args=args) for name, args in asked.items()} | {
        "public:project of a draft": reverse("public:project", args=[other.number]),
        "public:complain on a draft": reverse("public:complain", args=[other.number]),
        "public:picture of a draft": reverse("public:picture", args=[other.number, photo.pk]),
    }


def addresses(
    t: Traveller, draft: Traveller, batch: Case, order: Case, audit: Case
) -> dict[str, tuple[str, dict[str, Any]]]:
    """What is asked for -> its address and the form that a POST brings."""
    case, other, source = t.project, draft.project, Source.objects.earliest("id")
    paper = case.attachments.first()
    task = DeskTask.objects.filter(process__case=case, status__in=WAITING).get()
    entry = Entry.objects.filter(case_id=case.pk).latest("id")
    assert paper is not None
    alone = ("queue", "login", "logout", "bulk", "projects", "project-new", "money", "money-csv", "source-new",
             "people", "vacant", "my-posts", "payments", "payment-make", "copies", "notifications",
             "notifications-read", "notification-settings", "mail-log", "orders", "orders-csv", "audit:search",
             "audit:export", "audit:saved-new", "audit:checkpoints", "audit:models", "audit:access",
             "audit:access-export", "inspection:overview", "inspection:checks", "inspection:checks-export",
             "inspection:asof", "inspection:asof-csv", "inspection:asof-money", "inspection:flags",
             "inspection:flags-csv", "inspection:time", "inspection:time-csv")  # fmt: skip
    of_case = ("case", "edit", "case-money", "case-board", "case-money-pdf", "case-money-csv",
               "urge", "copy", "late-enter", "audit:case", "case-responsibility", "inspection:asof-case",
               "inspection:compare", "inspection:timeline")  # fmt: skip
    of_batch = ("household-lines", "household-load", "household-board", "household-blank")
    found: dict[str, tuple[str, dict[str, Any]]] = {name: (reverse(name), {}) for name in alone}
    found |= {name: (reverse(name, args=[case.pk]), {}) for name in of_case}
    found |= {name: (reverse(name, args=[batch.pk]), {}) for name in of_batch}
    found |= {name: (reverse(name, args=[order.pk]), {}) for name in ("order-paper", "order-closing")}
    found |= {name: (reverse(name, args=[audit.pk]), {}) for name in ("audit-notice", "audit-report")}
    statements = ("statement", "statement-csv", "statement-pdf")
    found |= {name: (reverse(name, args=[case.opened_by_id]), {}) for name in statements}
    found |= {name: (reverse(name, args=[task.pk]), {}) for name in ("claim", "release", "hand-over")}
    found |= {name: (reverse(name, args=[1]), {}) for name in ("payment-file", "payment-take-out")}
    found |= {name: (reverse(name, args=[0]), {}) for name in ("copy-read", "notification-read", "take-back")}
    return found | {
        "accounts": (reverse("accounts"), {}),
        "first-password": (reverse("first-password", args=["MQ", "bogus-token"]), {}),
        "leaving": (reverse("leaving", args=[t.project.opened_by_id]), {}),
        "hand-over-sheet": (reverse("hand-over-sheet", args=[0]), {}),
        "case of a draft": (reverse("case", args=[other.pk]), {}),
        "edit of a draft": (reverse("edit", args=[other.pk]), {}),
        "act": (reverse("act", args=[case.pk, "return_to"]), {}),
        "act on a draft": (reverse("act", args=[other.pk, "file"]), {}),
        "late-enter of a request": (reverse("late-enter", args=[LateEntry.objects.get(root=case).pk]), {}),
        "open": (reverse("open", args=[case.pk, "rectification"]), {}),
        "file": (reverse("file", args=[case.pk, paper.pk]), {}),
        "file of another case": (reverse("file", args=[other.pk, paper.pk]), {}),
        "source": (reverse("source", args=[source.pk]), {}),
        "source-csv": (reverse("source-csv", args=[source.pk]), {}),
        "source-act": (reverse("source-act", args=[source.pk, "receive"]), {}),
        "set_language": (reverse("set_language"), {"language": "en"}),
        **of_the_desk(case),
        **of_the_record(entry.pk),
    }


def of_the_desk(case: Case) -> dict[str, tuple[str, dict[str, Any]]]:
    """The auditor's pages on something of a case, and on his own searches."""
    return {
        "inspection:flag": (reverse("inspection:flag", args=["RF-01", "0" * 64]), {"verdict": "adopt"}),
        "inspection:person": (reverse("inspection:person", args=[case.opened_by_id]), {}),
        "inspection:time-stage": (reverse("inspection:time-stage", args=["project", "filed"]), {}),
        "inspection:time-stage-csv": (reverse("inspection:time-stage-csv", args=["project", "filed"]), {}),
        "audit:saved-change": (reverse("audit:saved-change", args=[0]), {}),
        "audit:saved-drop": (reverse("audit:saved-drop", args=[0]), {}),
        "audit:export-as": (reverse("audit:export-as", args=["xes"]), {}),
        "audit:model": (reverse("audit:model", args=["claim", "pnml"]), {}),
        "inspection:dossier": (reverse("inspection:dossier", args=[case.pk]), {}),
        "inspection:dossier-zip": (reverse("inspection:dossier-zip", args=[case.pk]), {}),
    }
