"""How the auditor's desk shows what it found."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext as _

from approvals.inspection.checks import LOOKS
from workflows.checks import Finding, Severity

register = template.Library()


@register.filter
def severity_look(severity: Severity) -> str:
    """The badge of a severity."""
    return LOOKS[severity]


@register.filter
def gravest(findings: list[Finding]) -> Severity:
    """The severity of the first, which is the gravest."""
    return findings[0].check.severity


@register.filter
def version(asked: str) -> str:
    """What a version to compare is called: a day as it is, a number as that of an entry."""
    return _("entry %s") % asked if asked.isdecimal() else asked
