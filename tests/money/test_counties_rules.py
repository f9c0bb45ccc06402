"""The tables of real counties, reckoned through the door with the figures of their documents.

Chongqing pays 40 / 50 / 10 and keeps up to a tenth; Qingyuan 70 / 30; Songyang nothing before the audit.
"""

from __future__ import annotations

import random

import pytest
from django.utils import timezone

from approvals import measure, stops
from approvals.demo import county
from approvals.traveller import Traveller
from funds import ledger
from tests.factories import MORNING, walk_on
from workflows import tranches
from workflows.law import Refused
from workflows.models import Claim, Project
from workflows.states import ProjectState as S

GRANT_FEN = 20_000_000
AUDITED_FEN = 19_126_600

pytestmark = pytest.mark.django_db


@pytest.fixture
def road_of_200_000(monkeypatch: pytest.MonkeyPatch) -> None:
    """The specimen: a village road of 200,000 yuan, all of it granted."""
    road = county.Specimen(
        title="村道硬化", department="roads", quantity_milli=2_000, unit="公里", grant_fen=GRANT_FEN,
        self_raised_fen=0, labour_fen=0,
    )  # fmt: skip
    monkeypatch.setattr(county, "SPECIMENS", (road,))


def brought_to(state: S, *, rulebook: str) -> Traveller:
    t = county.traveller(rulebook=rulebook, at=MORNING, chance=random.Random(0))
    t.probing = False
    return walk_on(t, until=lambda reached: reached == state)


def audited_at(fen: int, *, rulebook: str) -> Traveller:
    t = brought_to(S.UNDER_AUDIT, rulebook=rulebook)
    stops.hold_audit(t, audited_fen=fen)
    t.do("pass_audit", seat="audit")
    return t


def claim(t: Traveller, *, tranche: str, fen: int) -> None:
    """Submit a claim of so many fen with an invoice of as many."""
    today = timezone.localdate(t.at)
    invoice = {"code": "051002400111", "number": f"{fen}", "issued_on": today, "seller": t.project.contractor,
               "amount_fen": fen}  # fmt: skip
    data = {"tranche": tranche, "amount_fen": fen, "invoices": [invoice]} | stops.payee(t.project.contractor)
    drawn_up = t.open(Claim, seat="village", data=data)
    stops.attach_invoices(t, drawn_up)
    t.papers("claim.submit", seat="village", on=drawn_up)
    t.do("submit", on=drawn_up, seat="village")


def drawn(t: Traveller) -> list[tuple[int, int, int]]:
    """Claimed, paid and retained of each tranche, in yuan."""
    return [(d.claimed_fen // 100, d.paid_fen // 100, d.retained_fen // 100) for d in tranches.drawn(t.project)]


@pytest.mark.usefixtures("road_of_200_000")
def test_a_claim_of_200_000_on_an_audited_191_266_is_refused() -> None:
    t = audited_at(AUDITED_FEN, rulebook="songyang")
    with pytest.raises(Refused, match="191,266"):
        claim(t, tranche="final", fen=GRANT_FEN)
    with pytest.raises(Refused, match="C-04"):
        claim(t, tranche="final", fen=AUDITED_FEN + 1)
    claim(t, tranche="final", fen=AUDITED_FEN)
    assert drawn(t) == [(191_266, 0, 0)]


@pytest.mark.usefixtures("road_of_200_000")
def test_chongqing_pays_four_five_one_and_keeps_a_tenth_of_each_beside_the_last_tenth(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    audit = stops.hold_audit
    monkeypatch.setattr(stops, "hold_audit", lambda t: audit(t, audited_fen=t.project.contract_fen))
    t = brought_to(S.ACCEPTED, rulebook="chongqing-county")
    # The contract was 192,000 yuan: the last tenth is what it leaves.
    assert t.project.contract_fen == 19_200_000
    stops.claim_tranche(t, code="final")
    assert drawn(t) == [(80_000, 72_000, 8_000), (100_000, 90_000, 10_000), (12_000, 10_800, 1_200)]
    stands = ledger.position(case_id=t.project.pk)
    assert (stands.paid_fen, stands.retained_fen) == (17_280_000, 1_920_000)


@pytest.mark.usefixtures("road_of_200_000")
def test_qingyuan_pays_seven_tenths_of_the_plan_on_completion() -> None:
    t = brought_to(S.COMPLETED, rulebook="qingyuan")
    stops.claim_tranche(t, code=t.project.book.tranches[0].code.value)
    assert drawn(t)[0][0] == 140_000
    assert drawn(t)[1] == (0, 0, 0)


@pytest.mark.usefixtures("road_of_200_000")
@pytest.mark.parametrize(("total_fen", "lawful"), [(22_000_000, True), (22_002_000, False), (22_000_001, False)])
def test_growth_of_10_00_percent_passes_and_of_10_01_percent_does_not(total_fen: int, lawful: bool) -> None:
    t = brought_to(S.APPROVED, rulebook="default")
    if lawful:
        t.do("change", seat="leading_group", reason="增加涵管", data={"total_fen": total_fen})
        assert t.project.total_fen == total_fen
        return
    with pytest.raises(Refused, match="M-02"):
        t.do("change", seat="leading_group", reason="增加涵管", data={"total_fen": total_fen})


@pytest.mark.usefixtures("road_of_200_000")
def test_claims_stop_at_the_contract_where_it_is_below_the_tranche() -> None:
    t = brought_to(S.BUILDING, rulebook="chongqing-county")
    measure.measure(t, permille=800)
    # Nine tenths of the grant would be 180,000 yuan; had the contract been 170,000, no more could be claimed.
    Project.objects.filter(pk=t.project.pk).update(contract_fen=17_000_000)
    left = 17_000_000 - 8_000_000
    with pytest.raises(Refused, match="C-04"):
        claim(t, tranche="progress", fen=left + 1)
    claim(t, tranche="progress", fen=left)
