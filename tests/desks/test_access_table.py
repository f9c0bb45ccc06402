"""Every route with every account, compared with one declared table.

`+` served or answered on the page, `→` to the login, `3` forbidden (403), `4` as if it did not exist
(404), `5` wrong method (405). What an account may do once served, the law says in its own tests.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import pytest
from django.conf import settings
from django.http import Http404
from django.test import Client, RequestFactory
from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from approvals import auditing, ordering, papers, payouts
from approvals.demo.sheets import sheet
from approvals.views.login import login_as
from tests.desks.access_rows import TABLE
from tests.desks.accounts import COLUMNS, cast
from tests.desks.addresses import addresses, public_addresses
from tests.factories import fresh_application, project_at
from tests.law import asides
from workflows.models import Person
from workflows.states import ProjectState as S

HEAD = " ".join(COLUMNS.values())


def routes(patterns: Sequence[URLPattern | URLResolver] | None = None, space: str = "") -> Iterator[str]:
    """The name of every route, with its namespace."""
    for one in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(one, URLResolver):
            yield from routes(one.url_patterns, f"{space}{one.namespace}:" if one.namespace else space)
        else:
            yield f"{space}{one.name}"


def mark(client: Client, method: str, address: str, form: dict[str, Any]) -> str:
    answer = client.get(address) if method == "GET" else client.post(address, form)
    # A file is closed when it has been read to its end.
    told = b"".join(answer)
    if answer.status_code == 302 and answer["Location"].startswith(reverse("login")):
        return "→"
    if answer.status_code == 403 and b'name="kept"' in told:
        # What was typed comes back after the log-in.
        return "→"
    assert answer.status_code < 500, address
    return {403: "3", 404: "4", 405: "5"}.get(answer.status_code, "+")


def stays(client: Client, person: Person | None) -> None:
    """Whoever has an account is logged in; who logged out a moment ago, or was thrown out, is so again."""
    cookie = client.cookies.get(settings.SESSION_COOKIE_NAME)
    if person is not None and not (cookie and cookie.value):
        client.force_login(person)


@pytest.mark.django_db
def test_every_account_at_every_route_gets_what_the_table_says(monkeypatch: pytest.MonkeyPatch) -> None:
    # The same words are the same paper, as other tests show; here it is asked who gets it.
    monkeypatch.setattr(papers, "drawn", cache(papers.drawn))
    t = project_at(S.FILED)
    asides.ask_late(t)
    draft = fresh_application()
    known = project_at(S.APPROVED)
    known.do(
        "attach", seat="village", data={"paper": "photos"}, files=[sheet(name="现场", lines=("现场",), suffix=".png")]
    )
    order = ordering.rectify(known)
    ordering.close_order(known, order)
    batch = payouts.open_batch(known, payouts.household(1))
    audit = auditing.thorough(project_at(S.UNDER_AUDIT), until="drafted")
    people = cast(t)
    clients = {name: Client() for name in COLUMNS}
    rows = [f"{'route':<24} {'':<4} {HEAD}"]
    public: dict[str, tuple[str, dict[str, Any]]] = {
        asked: (address, {}) for asked, address in public_addresses(known.project, draft.project).items()
    }
    for asked, (address, form) in {**addresses(t, draft, batch, order, audit), **public}.items():
        for method in ("GET", "POST"):
            marks = []
            for name, client in clients.items():
                stays(client, people[name])
                marks.append(mark(client, method, address, form))
            rows.append(f"{asked:<24} {method:<4} {'  '.join(marks)}")
    assert set(rows) ^ set(TABLE.strip().splitlines()) == set()


def test_no_route_is_missing_from_the_table() -> None:
    listed = {line.split(" ")[0] for line in TABLE.strip().splitlines()}
    assert set(routes()) - listed == set()


@pytest.mark.django_db
def test_without_the_demo_nobody_logs_in_with_one_click(rf: RequestFactory) -> None:
    Person.objects.create_user("somebody", None, name="某人")
    with pytest.raises(NoReverseMatch):
        reverse("login-as")
    with pytest.raises(Http404):
        login_as(rf.post("/login/as/", {"username": "somebody"}))
    assert "somebody" not in Client().get(reverse("login")).content.decode()


def test_the_demo_alone_routes_the_login_with_one_click() -> None:
    asked = "from django.urls import get_resolver; print('login-as' in get_resolver().reverse_dict)"
    for demo, found in (("", "False"), ("1", "True")):
        code = f"import django; django.setup(); {asked}"
        environment = {**os.environ, "DEMO": demo, "DJANGO_SETTINGS_MODULE": "tests.settings"}
        told = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True)
        assert told.stdout.strip() == found
