"""The record in the forms in which it is taken out: each keeps the rules of its format and every fact."""

from __future__ import annotations

import contextlib
import datetime as dt
import hashlib
import io
import json
import sqlite3
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from audit import takeout
from audit.models import Entry
from tests.record import cases
from tests.record.cases import write
from tests.record.test_pages import SEARCH, auditor, numbers

__all__ = ["auditor"]
pytestmark = pytest.mark.django_db
XES = "{http://www.xes-standard.org/}"
EVIL = '=cmd|"/c calc"!A1 <&"\x0b'


def taken(form: str) -> bytes:
    return b"".join(takeout.as_bytes(takeout.FORMATS[form].write(Entry.objects.all())))


def said(element: ElementTree.Element) -> dict[str, str]:
    return {one.attrib["key"]: one.attrib["value"] for one in element if "key" in one.attrib}


def test_the_event_log_keeps_the_rules_of_ieee_1849() -> None:
    write(7, count=3, case_title=EVIL)
    write(8, count=2, amount_fen=None)
    log = ElementTree.fromstring(taken("xes"))
    order = ["extension", "global", "classifier", "string", "trace"]
    assert log.tag == f"{XES}log"
    assert log.attrib == {"xes.version": "1849-2016", "xes.features": ""}
    found = [order.index(child.tag.removeprefix(XES)) for child in log]
    assert found == sorted(found)
    prefixes = {one.attrib["prefix"] for one in log.iter(f"{XES}extension")}
    globals_of = {one.attrib["scope"]: set(said(one)) for one in log.iter(f"{XES}global")}
    for one in log.iter(f"{XES}classifier"):
        assert set(one.attrib["keys"].split()) <= globals_of["event"]
    for scope in ("trace", "event"):
        for element in log.iter(f"{XES}{scope}"):
            keys = [one.attrib["key"] for one in element if "key" in one.attrib]
            assert len(keys) == len(set(keys))
            assert globals_of[scope] <= set(keys)
            assert {key.partition(":")[0] for key in keys if ":" in key} <= prefixes
    first, second = log.iter(f"{XES}trace")
    assert said(first)["title"] == EVIL.replace("\x0b", "�")
    event = said(next(first.iter(f"{XES}event")))
    assert event["concept:name"] == "project.file → s1"
    assert (event["cost:total"], event["cost:currency"], event["amount_fen"]) == ("267000.00", "CNY", "26700000")
    assert event["time:timestamp"] == "2026-03-02T09:30:00Z"
    assert len(list(second.iter(f"{XES}event"))) == 2
    assert "cost:total" not in said(next(second.iter(f"{XES}event")))


def test_the_object_log_keeps_the_rules_of_ocel_2() -> None:
    write(7, count=3)
    write(8, count=2, case_kind="claim", root_id=7)
    write(9, count=1, case_kind="claim", root_id=99, behalf_id=5, behalf_name="赵局长", case_title=EVIL)
    log = json.loads(taken("ocel"))
    assert set(log) == {"eventTypes", "objectTypes", "events", "objects"}
    types = {kind: {one["name"]: {a["name"] for a in one["attributes"]} for one in log[kind]}
             for kind in ("eventTypes", "objectTypes")}  # fmt: skip
    objects = {one["id"]: one for one in log["objects"]}
    assert len(objects) == len(log["objects"])
    assert len({one["id"] for one in log["events"]}) == len(log["events"]) == 6
    for kind, rows in (("eventTypes", log["events"]), ("objectTypes", log["objects"])):
        for row in rows:
            assert {a["name"] for a in row["attributes"]} <= types[kind][row["type"]]
            for relation in row.get("relationships", ()):
                assert relation["objectId"] in objects
                assert relation["qualifier"]
    assert objects["c8"]["relationships"] == [{"objectId": "c7", "qualifier": "part of"}]
    assert objects["c99"] == {"id": "c99", "type": "project", "attributes": []}
    assert {"objectId": "person 5", "qualifier": "on behalf of"} in log["events"][-1]["relationships"]
    assert [a["value"] for a in objects["c7"]["attributes"] if a["name"] == "state"] == ["s1", "s2", "s3"]


def test_the_database_of_the_object_log_tells_what_its_json_tells(tmp_path: Path) -> None:
    write(7, count=3)
    write(8, count=2, case_kind="claim", root_id=7)
    write(9, count=1, case_kind="claim", root_id=99, behalf_id=5, behalf_name="赵局长", case_title=EVIL)
    log = json.loads(taken("ocel"))
    path = tmp_path / "log.sqlite"
    path.write_bytes(taken("ocel-sqlite"))
    with contextlib.closing(sqlite3.connect(path)) as database:
        database.row_factory = sqlite3.Row
        assert database.execute("PRAGMA foreign_key_check").fetchall() == []
        tables = {
            what: dict(database.execute(f"SELECT * FROM {what}_map_type").fetchall()) for what in ("event", "object")
        }
        assert [set(tables["event"]), set(tables["object"])] == [
            {one["name"] for one in log[kind]} for kind in ("eventTypes", "objectTypes")
        ]
        for event in log["events"]:
            (row,) = database.execute(
                f'SELECT * FROM "event_{tables["event"][event["type"]]}" WHERE ocel_id = ?', (event["id"],)
            ).fetchall()
            values = {name: row[name] for name in row.keys() if row[name] is not None}  # noqa: SIM118
            said = {one["name"]: one["value"] for one in event["attributes"]}
            assert values == {"ocel_id": event["id"], "ocel_time": event["time"]} | said
            related = database.execute("SELECT * FROM event_object WHERE ocel_event_id = ?", (event["id"],))
            assert {tuple(one)[1:] for one in related} == {
                (one["objectId"], one["qualifier"]) for one in event["relationships"]
            }
        for thing in log["objects"]:
            rows = database.execute(
                f'SELECT * FROM "object_{tables["object"][thing["type"]]}" WHERE ocel_id = ? ORDER BY rowid',
                (thing["id"],),
            ).fetchall()
            told = {
                (name, row[name], row["ocel_time"])
                for row in rows
                for name in row.keys()  # noqa: SIM118
                if not name.startswith("ocel_") and row[name] is not None
            }
            assert told == {(one["name"], one["value"], one["time"]) for one in thing["attributes"]}
            assert rows[0]["ocel_changed_field"] is None
            assert all(row["ocel_changed_field"] for row in rows[1:])
        parts = database.execute("SELECT * FROM object_object").fetchall()
        assert {tuple(one) for one in parts} == {("c8", "c7", "part of"), ("c9", "c99", "part of")}


def test_a_line_of_json_is_enough_to_recompute_a_hash() -> None:
    entries = write(7, count=3, case_title=EVIL)
    lines = [json.loads(line) for line in taken("jsonl").decode().splitlines()]
    assert [line["id"] for line in lines] == [entry.pk for entry in entries]
    for line in lines:
        octets = bytes.fromhex(line["prev_hash"]) + line["payload"].encode()
        assert hashlib.sha256(octets).hexdigest() == line["hash"]


def test_a_workbook_holds_numbers_as_numbers_and_no_formula() -> None:
    write(7, count=2, case_title=EVIL, amount_fen=-1250)
    sheet = load_workbook(io.BytesIO(taken("xlsx"))).active
    assert sheet is not None
    rows = [list(row) for row in sheet.iter_rows(values_only=True)]
    headings = rows[0]
    assert len(rows) == 3
    found: dict[Any, Any] = dict(zip(headings, rows[1], strict=True))
    assert found["title"] == "'" + EVIL.replace("\x0b", "�")
    assert found["amount (yuan)"] == -12.5
    assert str(found["happened at"]) == "2026-03-02 17:30:00"
    assert all(cell.data_type != "f" for row in sheet.iter_rows() for cell in row)


@pytest.mark.parametrize("form", list(takeout.FORMATS))
def test_however_many_entries_the_queries_are_the_same(form: str) -> None:
    counts = []
    for case in (7, 8):
        write(case, count=30)
        with CaptureQueriesContext(
            connection,
        ) as asked:
            taken(form)
        counts.append(len(asked))
    assert counts[0] == counts[1] <= 10


@pytest.mark.parametrize("form", list(takeout.FORMATS))
def test_the_page_gives_what_the_search_found(auditor: Client, form: str) -> None:
    write(7, count=2)
    write(8, count=2, case_title="双河堤防")
    answer = auditor.get(reverse("audit:export-as", args=[form]), {"case": "00008"})
    content = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    assert answer["Content-Disposition"].startswith("attachment; filename")
    if form != "xlsx":
        assert b"P2026-00008" in content
        assert b"P2026-00007" not in content
    assert auditor.get(reverse("audit:export-as", args=["exe"])).status_code == 404


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ({"words": "决议.pdf"}, {1, 2, 3}),
        ({"words": "防汛 王强"}, {2}),
        ({"words": '引"号'}, {3}),
        ({"post": "village@"}, {1, 3}),
        ({"kind": "claim"}, {2}),
        ({"amount_from": "1000.01"}, {1}),
        ({"amount_to": "1000"}, {2}),
        ({"amount_from": "1000", "amount_to": "267000"}, {1, 2}),
        ({"late": "on"}, {3}),
        ({"automatic": "on"}, {2}),
        ({"since": "2026-06-01", "moment": "recorded_at"}, {3}),
        ({"since": "2026-06-01"}, set()),
    ],
)
def test_every_further_filter_narrows(auditor: Client, question: dict[str, str], found: set[int]) -> None:
    june = dt.datetime(2026, 6, 2, 8, tzinfo=dt.UTC)
    made = {
        write(1, count=1)[0].pk: 1,
        write(2, count=1, reason="防汛", actor_name="王强", actor_id=None, post="clock", case_kind="claim",
              act="claim.submit",
              amount_fen=100_000)[0].pk: 2,
    }  # fmt: skip
    late = {"late": True, "recorded_at": june, "reason": '引"号', "amount_fen": None}
    with pytest.MonkeyPatch.context() as patch:
        plain = cases.fact
        patch.setattr(cases, "fact", lambda **facts: plain(**facts | late))
        made[write(3, count=1)[0].pk] = 3
    response = auditor.get(SEARCH, question)
    assert {made[pk] for pk in numbers(response)} == found


@pytest.mark.parametrize("question", [{"amount_from": "2", "amount_to": "1"}, {"kind": "bribe"}, {"amount_to": "much"}])
def test_a_faulty_further_question_is_answered_400(auditor: Client, question: dict[str, str]) -> None:
    write(7, count=1)
    assert auditor.get(SEARCH, question).status_code == 400


def test_the_command_writes_what_it_was_asked_for(tmp_path: Any) -> None:
    write(7, count=2)
    write(8, count=2)
    out = tmp_path / "one.jsonl"
    call_command("audit", "export", "--format=jsonl", f"--out={out}", "--case=P2026-00008", "--until=2026-03-02")
    assert {json.loads(line)["case_id"] for line in out.read_text().splitlines()} == {8}
    with pytest.raises(CommandError):
        call_command("audit", "export", "--format=xes", f"--out={out}", "--case=P2026-99999")
    with pytest.raises(CommandError):
        call_command("audit", "model", "--kind=claim", f"--out={tmp_path / 'claim.exe'}")
    call_command("audit", "model", "--kind=claim", f"--out={tmp_path / 'claim.bpmn'}")
    assert ElementTree.parse(tmp_path / "claim.bpmn").getroot().tag.endswith("definitions")
