"""The catalogue as a document, read from the code itself: `manage.py checks --list`."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from workflows.checks.catalogue import CHECKS, Check
from workflows.lawbook import both

INTRO = _(
    "Written by `manage.py checks --list` from the code; do not edit. A rule refuses before it happens; a check reads"
    " the entries afterwards, whatever way they came into the record: entered late, imported, waived, under an older"
    " edition, or altered. Days, amounts and required papers are those of the edition that the entry names. Words in"
    " {braces} are filled in with the facts of the case."
)
LIMITS = _(
    "What no entry says, no check can see; where a payload lacks a fact, the check is silent. Whether the entries"
    " themselves are the ones that were written, `manage.py audit verify` proves. That something is odd although"
    " nothing contradicts it is not for a check to say."
)
HEADINGS = (_("Code"), _("Check"), _("Finding"), _("Severity"), _("Waiver path"), _("Article"))


def render() -> str:
    """The whole catalogue, in Markdown; the same catalogue gives the same bytes."""
    head = [both(heading) for heading in HEADINGS]
    rows = [head, ["---"] * len(head), *map(_row, CHECKS.values())]
    table = "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |" for row in rows)
    title = both(_("Checks of the record"))
    return "\n\n".join([f"# {title}", both(INTRO, "\n\n"), both(LIMITS, "\n\n"), table]) + "\n"


def _row(check: Check) -> list[str]:
    path = check.look.__module__.replace(".", "/")
    return [
        f"**{check.code}**",
        f"{both(check.title, '<br>')}<br>[`{check.name}`](../{path}.py)",
        both(check.says, "<br>"),
        both(check.severity.label),
        both(check.waiver, "<br>"),
        both(check.article, "<br>"),
    ]
