"""`manage.py audit_sample CASE`: what an audit drew, and whether drawing it again gives the same."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from audit import journal
from audit.models import Checkpoint, Entry
from workflows import populations, sampling
from workflows.models import AuditSample, SpecialAudit


class Command(BaseCommand):
    """Reads only."""

    help = _("Shows the samples of a special audit; with --verify draws each again and compares.")

    def add_arguments(self, parser: CommandParser) -> None:
        """The audit, and whether to draw again."""
        parser.add_argument("case", metavar=_("CASE"), help=_("number of the special audit"))
        parser.add_argument("--verify", action="store_true", help=_("draw each sample again and compare"))

    def handle(self, *args: Any, case: str, verify: bool, **options: Any) -> None:
        """Print every sample; exit code 1 when one cannot be repeated."""
        audit = SpecialAudit.objects.filter(number=case).first()
        if audit is None:
            raise CommandError(_("There is no special audit %s.") % case)
        wrong = False
        for place, sample in enumerate(audit.sampled, start=1):
            self.stdout.write(_line(place, sample))
            for item in sample.drawn_rows:
                self.stdout.write(f"  {item.key}\t{item.fen}")
            if not verify:
                continue
            flaws = list(flaws_of(sample, place=place))
            wrong = wrong or bool(flaws)
            for flaw in flaws or [_("drawn again: the same")]:
                self.stdout.write(f"  {flaw}")
            if sampling.digest(populations.of(sample.population, audit.of_project)) != sample.digest:
                self.stdout.write("  " + _("the books have gone on since: the population is another one today"))
        if wrong:
            sys.exit(1)


def _line(place: int, sample: AuditSample) -> str:
    said = _("%(place)d. %(drawn)d of %(count)d %(population)s, %(method)s, seed %(seed)s, digest %(digest)s")
    return said % {
        "place": place, "drawn": len(sample.drawn), "count": sample.count, "seed": sample.seed,
        "population": sample.get_population_display(), "method": sample.get_method_display(), "digest": sample.digest,
    }  # fmt: skip


def flaws_of(sample: AuditSample, *, place: int) -> Iterator[str]:
    """What is not as it was drawn: the kept population, the draw itself, the record's entry, the checkpoint."""
    if sampling.digest(sample.rows) != sample.digest:
        yield _("the population is not the one that was drawn from")
    try:
        again = list(sampling.draw(sample.rows, method=sample.method, size=sample.size, seed=sample.seed))  # type: ignore[arg-type]
    except sampling.CannotDraw:
        again = []
    if again != sample.drawn:
        yield _("drawn again: another sample")
    entries = Entry.objects.filter(case_id=sample.audit_id, act="special_audit.draw_sample").order_by("seq")
    entry = entries[place - 1 : place].first()
    said = journal.facts_of(entry)["data"] if entry is not None else {}
    kept = {name: getattr(sample, name) for name in ("population", "method", "size", "seed", "digest", "drawn")}
    if any(said.get(name) != value for name, value in kept.items()):
        yield _("the record says otherwise")
    size = sample.checkpoint_size
    if size is not None and not Checkpoint.objects.filter(size=size, root=sample.seed).exists():
        yield _("the seed is not the root of that checkpoint")
