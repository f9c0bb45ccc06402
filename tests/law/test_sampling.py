"""Samples can be drawn again: by the page's own words, by another program, and by the command."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from pathlib import Path

import pytest
from django.core.management import call_command
from hypothesis import given
from hypothesis import strategies as st

from approvals import auditing
from tests.factories import project_at
from workflows import sampling
from workflows.models import AuditSample, SpecialAudit
from workflows.sampling import CannotDraw, Item
from workflows.states import ProjectState as S

VECTORS = json.loads((Path(__file__).resolve().parents[2] / "docs" / "sampling-vectors.json").read_text())


def of(population: list[list[object]]) -> list[Item]:
    return [Item(str(key), int(str(fen))) for key, fen in population]


@pytest.mark.parametrize("vector", VECTORS["draws"], ids=lambda one: f"{one['method']} {one['size']} {one['seed']}")
def test_every_vector_of_the_specification_is_drawn(vector: dict[str, object]) -> None:
    items = of(VECTORS["population"])
    assert sampling.digest(items) == VECTORS["digest"]
    drawn = sampling.draw(items, method=vector["method"], size=vector["size"], seed=vector["seed"])  # type: ignore[arg-type]
    assert list(drawn) == vector["drawn"]


def test_another_program_that_knows_the_specification_alone_draws_the_same() -> None:
    rows = sorted(VECTORS["population"], key=lambda row: row[0].encode())
    about = hashlib.sha256("".join(f"{key}\t{fen}\n" for key, fen in rows).encode()).hexdigest()
    for vector in VECTORS["draws"]:
        seed, size = vector["seed"], vector["size"]
        words = [
            int(hashlib.sha256(f"{seed}\n{about}\n{n}".encode()).hexdigest()[:16], 16) for n in range(200)
        ]  # fmt: skip
        count, total = len(rows), sum(fen for _key, fen in rows)
        if vector["method"] == "simple":
            places: set[int] = set()
            for word in words:
                if len(places) < size and word < 2**64 // count * count:
                    places.add(word % count)
        elif vector["method"] == "systematic":
            places = {(words[0] % count + step * count // size) % count for step in range(size)}
        else:
            fens = [place for place, (_key, fen) in enumerate(rows) for _one in range(fen)]
            places = {fens[(words[0] % total + step * total // size) % total] for step in range(size)}
        assert [rows[place][0] for place in sorted(places)] == vector["drawn"]


POPULATIONS = st.dictionaries(st.text("ab12/ 号", min_size=1, max_size=6), st.integers(0, 500), min_size=1, max_size=30)


@given(POPULATIONS, st.integers(1, 30), st.text(max_size=8), st.sampled_from(sorted(sampling.METHODS)))
def test_a_sample_is_of_its_population_and_as_large_as_asked(
    population: dict[str, int], size: int, seed: str, method: sampling.Method
) -> None:
    items = [Item(key, fen) for key, fen in population.items()]
    if size > len(items) or (method == "monetary_unit" and not sum(population.values())):
        with pytest.raises(CannotDraw):
            sampling.draw(items, method=method, size=size, seed=seed)
        return
    drawn = sampling.draw(items, method=method, size=size, seed=seed)
    assert set(drawn) <= population.keys()
    assert len(set(drawn)) == len(drawn) <= size
    assert method == "monetary_unit" or len(drawn) == size
    assert drawn == sampling.draw(items[::-1], method=method, size=size, seed=seed)
    if method == "monetary_unit":
        assert all(population[key] for key in drawn)


@given(POPULATIONS)
def test_the_population_s_text_can_be_read_back(population: dict[str, int]) -> None:
    items = sampling.ordered(Item(key, fen) for key, fen in population.items())
    assert sampling.of_text(sampling.as_text(items)) == items


def test_large_amounts_are_drawn_more_often_by_monetary_units_and_no_more_often_otherwise() -> None:
    items = [Item("large", 900), *(Item(f"small {n}", 10) for n in range(10))]
    hit: Counter[str] = Counter()
    for seed in range(400):
        for method in ("simple", "monetary_unit"):
            hit[method] += "large" in sampling.draw(items, method=method, size=1, seed=str(seed))
    assert hit["monetary_unit"] > 330
    assert hit["simple"] < 80


@pytest.mark.django_db
class TestTheCommand:
    def audit(self) -> SpecialAudit:
        t = project_at(S.UNDER_AUDIT)
        return auditing.thorough(t, until="fieldwork").typed()  # type: ignore[return-value]

    def test_it_draws_a_sample_again(self, capsys: pytest.CaptureFixture[str]) -> None:
        audit = self.audit()
        call_command("audit_sample", audit.number, "--verify")
        said = capsys.readouterr().out
        assert "重抽：结果一致" in said
        assert audit.sampled[0].digest in said

    def test_it_tells_a_sample_that_is_not_what_was_drawn(self, capsys: pytest.CaptureFixture[str]) -> None:
        audit = self.audit()
        first = audit.sampled[0]
        first.pk, first.seed = None, "another"
        first.save(force_insert=True)
        with pytest.raises(SystemExit):
            call_command("audit_sample", audit.number, "--verify")
        assert "与记录不符" in capsys.readouterr().out

    def test_the_database_changes_no_sample(self) -> None:
        audit = self.audit()
        with pytest.raises(Exception, match=r"append-only"):
            AuditSample.objects.filter(audit=audit).update(seed="another")
