"""Read-only by construction: what the auditor's pages leave behind is a line on the access log, and nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from approvals import auditing, ordering, payouts
from tests.desks.accounts import cast
from tests.desks.addresses import addresses
from tests.factories import fresh_application, official, project_at
from tests.law import asides
from workflows.states import ProjectState as S

PREFIXES = ("/audit/", "/inspect/")
LOG = "audit_access"
#: Being there keeps the login from running out; that says nothing of what was read.
PRESENCE = "django_session"
WRITES = re.compile(
    r'\s*(?:INSERT\s+(?:OR\s+\w+\s+)?INTO|REPLACE\s+INTO|UPDATE|DELETE\s+FROM)\s+"?(\w+)', re.IGNORECASE
)
#: What a POST may write there: one's own saved searches, the wish for a dossier, and a verdict on a red flag, an act.
MAY_WRITE = ("audit:saved-new", "audit:saved-change", "audit:saved-drop", "inspection:flag", "inspection:dossier")
READERS = ("auditor", "audit", "discipline", "secadmin")


def contents() -> dict[str, int]:
    """Table -> its rows."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(table)}")
            found[table] = cursor.fetchone()[0]
    return found


def written(statements: Iterable[dict[str, str]]) -> set[str]:
    """The tables that statements write into; one that replaces a row leaves their number as it is."""
    return {match[1] for said in statements if (match := WRITES.match(said["sql"]))}


@pytest.mark.django_db
def test_no_page_of_the_auditor_writes_anything_but_the_access_log() -> None:
    t, draft = project_at(S.FILED), fresh_application()
    known = project_at(S.APPROVED)
    order = ordering.rectify(known)
    ordering.close_order(known, order)
    batch = payouts.open_batch(known, payouts.household(1))
    audit = auditing.thorough(project_at(S.UNDER_AUDIT), until="drafted")
    cast(t)
    asides.ask_late(t)
    asked = {
        name: (address, form)
        for name, (address, form) in addresses(t, draft, batch, order, audit).items()
        if address.startswith(PREFIXES)
    }
    assert {address.split("/")[1] for address, _form in asked.values()} == {"audit", "inspect"}
    assert len(asked) > 30
    for office in READERS:
        client = Client()
        client.force_login(official(t, office))
        before = contents()
        for name, (address, form) in asked.items():
            for method in _methods(name):
                with CaptureQueriesContext(connection) as captured:
                    answer = client.get(address) if method == "GET" else client.post(address, form)
                    for _chunk in answer:
                        pass
                assert answer.status_code < 500, address
                assert written(captured.captured_queries) <= {LOG, PRESENCE}, (office, method, name)
                if method == "POST":
                    assert answer.status_code == 405, (office, name)
        after = contents()
        assert {table for table, rows in after.items() if rows != before[table]} <= {LOG}, office


def _methods(name: str) -> Iterator[str]:
    yield "GET"
    if name not in MAY_WRITE:
        yield "POST"
