"""A late entry (补录) in what is taken out: the dossier tells why and who approved it, a miner reads both its times."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.utils import timezone, translation

from approvals.inspection import contents
from approvals.traveller import Traveller
from audit import takeout
from audit.dossier import evidence
from audit.models import Entry
from tests.factories import official, project_at
from tests.law import asides
from tests.record.dossiers import made, unpacked
from workflows.models import LateEntry
from workflows.states import ProjectState as S

pytestmark = pytest.mark.django_db

#: An auditor's own program: the late events of a log as pm4py reads them, when they happened and were recorded.
READ = """
import sys, json, warnings
warnings.simplefilter("ignore")
import pm4py
path = sys.argv[1]
if path.endswith(".xes"):
    rows, time = pm4py.read_xes(path, return_legacy_log_object=False), "time:timestamp"
else:
    read = pm4py.read_ocel2_sqlite if path.endswith(".sqlite") else pm4py.read_ocel2_json
    rows, time = read(path).events, "ocel:timestamp"
late = rows[rows["late"].astype(str).str.lower().isin(["true", "1", "1.0"])]
import pandas
utc = lambda moment: str(pandas.Timestamp(moment).tz_localize(None) if pandas.Timestamp(moment).tz is None
                         else pandas.Timestamp(moment).tz_convert("UTC").tz_localize(None))
print(json.dumps([[str(row["act"]), utc(row[time]), utc(row["recorded"])] for _, row in late.iterrows()]))
"""


@pytest.fixture
def t() -> Traveller:
    t = project_at(S.FILED)
    asides.enter_late(t)
    return t


def test_the_index_marks_it_with_reason_and_approver(t: Traveller) -> None:
    told = contents.read(evidence.entries_of(t.project.pk).iterator(500))
    entry = Entry.objects.get(case_id=t.project.pk, late=True)
    assert set(told.on_paper) == {entry.pk}
    with translation.override("zh-hans"):
        said = render_to_string("papers/on_paper.html", {"entry": entry, "said": told.on_paper[entry.pk]})
    request = LateEntry.objects.get(root=t.project)
    recorded = f"{timezone.localtime(entry.recorded_at):%Y-%m-%d %H:%M}"
    for fact in ("事后补录", request.number, request.why, official(t, "programme").name, recorded):
        assert str(fact) in said


def test_the_papers_of_the_dossier_tell_it(t: Traveller, tmp_path: Path) -> None:
    folder = unpacked(made(t.project.pk), tmp_path)
    with (folder / "opinions.csv").open(encoding="utf-8-sig", newline="") as file:
        opinions = list(csv.DictReader(file))
    entry = Entry.objects.get(case_id=t.project.pk, late=True)
    late = [one for one in opinions if one["补录"]]
    assert [(one["发生时间"], one["登记时间"]) for one in late] == [
        (entry.happened_at.isoformat(), entry.recorded_at.isoformat())
    ] * len(late)
    scan = LateEntry.objects.get(root=t.project).attachments.get()
    assert any(scan.name in path.name for path in folder.glob("[01][0-9]-*/*"))
    page = subprocess.run(["pdftotext", folder / "index.pdf", "-"], capture_output=True, text=True, check=True).stdout
    assert "事后补录" in page


@pytest.mark.parametrize("form", ["xes", "ocel", "ocel-sqlite"])
def test_pm4py_reads_when_it_happened_and_when_it_was_recorded(t: Traveller, form: str, tmp_path: Path) -> None:
    log = tmp_path / f"log.{takeout.FORMATS[form].suffix}"
    log.write_bytes(b"".join(takeout.as_bytes(takeout.FORMATS[form].write(Entry.objects.all()))))
    told = subprocess.run([sys.executable, "-c", READ, log], capture_output=True, text=True, check=True)
    entry = Entry.objects.get(case_id=t.project.pk, late=True)
    times = [str(moment.replace(tzinfo=None)) for moment in (entry.happened_at, entry.recorded_at)]
    assert json.loads(told.stdout.strip().splitlines()[-1]) == [[entry.act, *times]]
    assert entry.happened_at < entry.recorded_at
