"""Chronology and consistency: small named checks over the journal, one fact each; every finding names its entries.

They read entries and the editions that the entries name, nothing else. What they mean, and what they cannot see,
stands in docs/checks.md and decision 40.
"""

from __future__ import annotations

from importlib import import_module

from workflows.checks.catalogue import CHECKS, Check, Finding, Severity, examine
from workflows.checks.family import Family, Row
from workflows.checks.reading import families, family

__all__ = ["CHECKS", "Check", "Family", "Finding", "Row", "Severity", "examine", "families", "family"]

#: The files of the catalogue, in the order of the road; a new one is listed here.
for name in ("recording", "publicity", "approving", "tendering", "pricing", "hands", "building", "claiming", "paying",
             "vouchers", "auditing", "rectifying", "papers"):  # fmt: skip
    import_module(f"workflows.checks.{name}")
