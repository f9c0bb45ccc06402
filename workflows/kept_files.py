"""The files against their digests and the record, for ``manage.py audit verify``: every byte is read again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from functools import lru_cache
from heapq import merge
from itertools import groupby
from operator import itemgetter

from django.utils.translation import gettext as _

from audit.models import octets
from audit.snapshot import chunks
from workflows.cases import Attachment
from workflows.files import path_of

#: In canonical JSON an act without files says exactly this; most acts are such.
NO_FILES = b'"files":[]'
CHUNK_ROWS = 500
#: Digests remembered, so that a paper hung on several cases one after the other is read once.
REMEMBERED = 1024

#: Name and digest of a file.
Named = tuple[str, str]


def differences() -> Iterator[str]:
    """A line for each paper and each file of an act whose bytes or digest are not those of the record."""
    wrong = lru_cache(REMEMBERED)(_wrong)
    papers = Attachment.objects.select_related("case").order_by("case_id", "pk").iterator(chunk_size=CHUNK_ROWS)
    both: Iterator[tuple[int, int, Attachment | dict[Named, str]]] = merge(
        _recorded(), ((paper.case_id, 1, paper) for paper in papers), key=itemgetter(0, 1)
    )
    for _case, rows in groupby(both, key=itemgetter(0)):
        named: dict[Named, str] = {}
        kept: set[Named] = set()
        for _case_id, _order, row in rows:
            if not isinstance(row, Attachment):
                named |= row
                continue
            kept.add((row.name, row.sha256))
            what = f"{row.case.number} “{row.name}” (id {row.pk})"
            if (row.name, row.sha256) not in named:
                yield f"{what}: " + _("no entry of the record names this file")
            if problem := wrong(row.sha256):
                yield f"{what}: {problem}"
        for file, entry in named.items():
            if file not in kept and (problem := wrong(file[1])):
                yield f"{entry} “{file[0]}”: {problem}"


def _recorded() -> Iterator[tuple[int, int, dict[Named, str]]]:
    """Case, 0, and the files that one of its entries names with that entry; an unreadable entry is told elsewhere."""
    sql = "SELECT case_id, case_number, seq, payload FROM audit_entry ORDER BY case_id, seq"
    for chunk in chunks(sql):
        for case_id, number, seq, payload in chunk:
            if NO_FILES in octets(payload):
                continue
            try:
                files = {(file["name"], file["sha256"]): f"{number} #{seq}" for file in json.loads(payload)["files"]}
            except (ValueError, LookupError, TypeError, RecursionError):
                continue
            yield case_id, 0, files


def _wrong(sha256: str) -> str:
    """What is wrong with the file that is kept under a digest; nothing where its bytes have that digest."""
    try:
        with path_of(sha256).open("rb") as file:
            found = hashlib.file_digest(file, "sha256").hexdigest()
    except (OSError, ValueError):
        return _("the file is missing")
    return "" if found == sha256 else _("the file is not that of its digest")
