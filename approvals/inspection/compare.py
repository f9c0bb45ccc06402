"""Two versions of a case, field by field; of files the digest decides, never the name."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from approvals.inspection.told import ELSEWHERE, HANGING, HIDDEN, UNSHOWN, Words, name_of
from audit.labels import label
from audit.models import Entry
from funds.balances import COLUMNS, Standing
from funds.money import yuan
from workflows import words as law_words
from workflows.asof import balances
from workflows.asof.fold import Filed, Said, Version


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """One thing in both versions, as the page shows it; empty where it was not there."""

    name: str
    before: str
    after: str
    changed: bool
    #: The entry that said it, of the newer version where both have it.
    entry: Entry | None = None
    #: Only asked for by a form, in an entry that does not say what came of it.
    asked: bool = False


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """Rows under one heading: what differs, and the rest."""

    name: str
    changed: Sequence[Row]
    same: Sequence[Row]

    @classmethod
    def of(cls, name: str, rows: Sequence[Row]) -> Part:
        """In the order given."""
        return cls(
            name=name, changed=[row for row in rows if row.changed], same=[row for row in rows if not row.changed]
        )


def parts(before: Version, after: Version, words: Words) -> list[Part]:
    """Everything that two versions of a case say, under its headings; empty parts are left out."""
    found = [
        Part.of(_("Where it stands"), _head(before, after)),
        Part.of(_("Fields"), _fields(before, after, words)),
        Part.of(_("Said by acts"), _forms(before, after, words)),
        Part.of(_("Rows of the case"), _hanging(before, after, words)),
        Part.of(_("Files"), _files(before.files, after.files)),
        Part.of(_("Opinions"), _opinions(before, after)),
        Part.of(_("Money (yuan)"), _money(before, after)),
    ]
    return [part for part in found if part.changed or part.same]


def _head(before: Version, after: Version) -> list[Row]:
    def row(name: str, one: str, other: str, entry: Entry | None = None) -> Row:
        return Row(name=name, before=one, after=other, changed=one != other, entry=entry)

    states = [label(f"state:{version.kind}", version.state) for version in (before, after)]
    rows = [
        row(_("Stage"), states[0], states[1], after.since),
        row(_("Name"), before.title, after.title),
        row(_("Rulebook edition"), label("edition", before.edition), label("edition", after.edition)),
        row(_("Entries"), str(before.entries), str(after.entries), after.last),
        row(_("Late entries"), str(len(before.late)), str(len(after.late))),
    ]
    return [one for one in rows if one.before or one.after]


def _fields(before: Version, after: Version, words: Words) -> list[Row]:
    names = [name for name in dict.fromkeys([*after.row, *before.row]) if name not in HIDDEN]
    return _rows({name: name_of(name) for name in names}, before.row, after.row, words, {name: name for name in names})


def _forms(before: Version, after: Version, words: Words) -> list[Row]:
    keys = [key for key in dict.fromkeys([*after.forms, *before.forms]) if key[1] not in ELSEWHERE]
    names = {key: f"{label('act', key[0])}: {name_of(key[1])}" for key in keys}
    return _rows(names, before.forms, after.forms, words, {key: key[1] for key in keys})


def _hanging(before: Version, after: Version, words: Words) -> list[Row]:
    """What hangs on the case, row by row; files and opinions stand under their own headings, prints tell nobody."""
    keys = [key for key in dict.fromkeys([*after.rows, *before.rows]) if key[0] in HANGING]
    rows, place = [], Counter[str]()
    for table, number in sorted(keys, key=lambda key: (key[0], len(key[1]), key[1])):
        sides = [version.rows.get((table, number), {}) for version in (before, after)]
        told = [
            "\n".join(
                f"{name_of(name)}: {shown}" for name, said in side.items()
                if name not in UNSHOWN and not name.endswith("_id") and (shown := words.shown(name, said.value))
            )
            for side in sides
        ]  # fmt: skip
        # Which of its kind; the table's own number tells a reader nothing.
        place[table] += 1
        newest = max((said.entry for side in sides for said in side.values()), key=lambda entry: entry.pk)
        changed = _values(sides[0]) != _values(sides[1])
        rows.append(
            Row(name=f"{HANGING[table]} {place[table]}", before=told[0], after=told[1], changed=changed, entry=newest)
        )
    return rows


def _values(side: Mapping[str, Said]) -> dict[str, Any]:
    return {name: said.value for name, said in side.items()}


def _rows(names: Any, before: Any, after: Any, words: Words, fields: Any) -> list[Row]:
    nothing = Said(value=None, entry=Entry())
    rows = []
    for key, name in names.items():
        one, other = before.get(key, nothing), after.get(key, nothing)
        shown = [words.shown(fields[key], said.value) for said in (one, other)]
        newest = after.get(key) or before[key]
        # A count that began at nothing and never moved is no news.
        begun = newest.entry.seq == 1 and not newest.value
        if any(shown) and not begun:
            rows.append(Row(name=name, before=shown[0], after=shown[1], changed=one.value != other.value,
                            entry=newest.entry, asked=newest.asked))  # fmt: skip
    return rows


def _files(before: Sequence[Filed], after: Sequence[Filed]) -> list[Row]:
    """The same bytes are the same file; the same name over other bytes is another one."""
    files = {(file.name, file.sha256): file for file in [*before, *after]}
    there, then = ({(file.name, file.sha256) for file in side} for side in (before, after))
    return [
        Row(name=_named(file), before=file.sha256 if key in there else "", after=file.sha256 if key in then else "",
            changed=(key in there) != (key in then), entry=file.entry)
        for key, file in files.items()
    ]  # fmt: skip


def _named(file: Filed) -> str:
    return f"{law_words.paper(file.paper)} · {file.name}" if file.paper else file.name


def _opinions(before: Version, after: Version) -> list[Row]:
    found = {one.entry.pk: one for one in [*before.opinions, *after.opinions]}
    sides = [{one.entry.pk for one in version.opinions} for version in (before, after)]
    rows = []
    for pk, one in found.items():
        text = f"{_('agree') if one.agrees else _('do not agree')} {one.text}".strip()
        rows.append(
            Row(name=f"{one.entry.unit_name} {one.entry.actor_name}", before=text if pk in sides[0] else "",
                after=text if pk in sides[1] else "", changed=(pk in sides[0]) != (pk in sides[1]), entry=one.entry)
        )  # fmt: skip
    return rows


def _money(before: Version, after: Version) -> list[Row]:
    one, other = money_of(before), money_of(after)
    return [
        Row(name=str(COLUMNS[name]), before=yuan(fen), after=yuan(other.figures[name]),
            changed=fen != other.figures[name])
        for name, fen in one.figures.items()
        if fen or other.figures[name]
    ]  # fmt: skip


def money_of(version: Version) -> Standing:
    """How a case's money stood; nothing at all where an entry was altered into nonsense."""
    try:
        return balances.standing(version.money)
    except balances.ALTERED:
        return Standing(of_project=True)
