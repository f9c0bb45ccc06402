"""``manage.py walk``: the whole road without a browser."""

from __future__ import annotations

import datetime as dt
import json
import random
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from approvals.demo import county
from approvals.road import whole_road
from approvals.traveller import Attempt, Step
from funds import ledger
from funds.money import yuan
from workflows import states, tranches, words
from workflows.editions import EditionChanged
from workflows.rulebook import load as rulebooks


class Command(BaseCommand):
    """Files one project and takes it to closed through the desks; exit 1 if anything was not refused."""

    help = _(
        "Files one project and takes it from application to closed through the same desks as the pages, each step "
        "by an account entitled to it, with the clock moved by the walk. Prints every step and every attempt that "
        "had to be refused. Exit status 1 if one of them was not refused."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--rulebook", default="default", metavar="NAME",
                            help=_("the rulebook to walk by: a shipped name or a TOML file"))  # fmt: skip
        parser.add_argument("--json", action="store_true", help=_("print one JSON document instead of lines"))
        parser.add_argument("--seed", type=int, default=1, metavar="N",
                            help=_("another seed gives another project, start and pace"))  # fmt: skip
        parser.add_argument("--start", default="", metavar="YYYY-MM-DD", help=_("the day the walk begins"))

    def handle(self, *args: Any, **options: Any) -> None:
        chance = random.Random(options["seed"])  # noqa: S311 - picks a specimen, keeps no secret
        start = dt.date.fromisoformat(options["start"]) if options["start"] else dt.date(2026, 2, 24)
        at = timezone.make_aware(dt.datetime.combine(start, dt.time(9))) + dt.timedelta(minutes=chance.randrange(120))
        quiet = options["json"]
        with translation.override(translation.get_language() or "zh-hans"):
            try:
                traveller = county.traveller(rulebook=options["rulebook"], at=at, chance=chance)
            except (rulebooks.RulebookError, EditionChanged) as error:
                self.stderr.write(str(error))
                sys.exit(1)
            traveller.pace = dt.timedelta(minutes=chance.randrange(5, 25))
            if not quiet:
                self.stdout.write(
                    f"{traveller.project.number} {traveller.project.title}  [{traveller.project.edition}]"
                )
                traveller.watch = self._tell
                for step in traveller.steps:
                    self._tell(step)
            for _state in whole_road(traveller):
                pass
            missed = [attempt for attempt in traveller.refused if not attempt.held]
            if quiet:
                self._json(traveller)
            else:
                self._sum_up(traveller, missed)
        if missed or traveller.project.state != states.ProjectState.CLOSED:
            sys.exit(1)

    def _tell(self, entry: Step | Attempt) -> None:
        if isinstance(entry, Attempt):
            mark = "✗" if entry.held else "!!"
            said = f"{entry.rule} · {entry.article} · {entry.text}" if entry.rule else _("NOT REFUSED")
            self.stdout.write(f"    {mark} {words.act(entry.act)} · {entry.actor} → {said}")
            return
        kind = entry.act.partition(".")[0]
        way = states.label(kind, entry.state_to)
        if entry.state_from not in ("", entry.state_to):
            way = f"{states.label(kind, entry.state_from)} → {way}"
        money = f"  {yuan(entry.amount_fen)}" if entry.amount_fen else ""
        when = timezone.localtime(entry.at).strftime("%Y-%m-%d %H:%M")
        hand = f"{entry.actor} ({entry.post}) @{entry.desk}"
        self.stdout.write(f"{when}  {entry.case}  {words.act(entry.act)} · {hand} · {way}{money}  {entry.hash[:12]}")

    def _sum_up(self, traveller: Any, missed: list[Attempt]) -> None:
        for line in tranches.drawn(traveller.project):
            self.stdout.write(self._of_tranche(line))
        money = ledger.position(case_id=traveller.project.pk)
        self.stdout.write(
            _(
                "%(steps)s steps, %(refused)s refused attempts; paid %(paid)s yuan, retained %(retained)s, "
                "left %(left)s; %(state)s"
            )
            % {
                "steps": len(traveller.steps),
                "refused": len(traveller.refused) - len(missed),
                "paid": yuan(money.paid_fen),
                "retained": yuan(money.retained_fen),
                "left": yuan(money.reserved_fen),
                "state": traveller.project.state_label,
            }
        )
        for attempt in missed:
            self.stderr.write(
                _("NOT REFUSED as it had to be: %(act)s by %(actor)s, rule %(rule)s (said: %(said)s)")
                % {"act": attempt.act, "actor": attempt.actor, "rule": attempt.wanted, "said": attempt.rule or "—"}
            )

    def _of_tranche(self, line: tranches.Drawn) -> str:
        """One tranche in one line: when, of what, how much by then, and what was made of it."""
        ceiling = line.ceiling
        return _(
            "  %(tranche)s (%(trigger)s): up to %(upto)s of %(base)s %(base_yuan)s yuan; claimed %(claimed)s, "
            "paid %(paid)s, retained %(retained)s"
        ) % {
            "tranche": words.tranche(ceiling.tranche.code.value),
            "trigger": words.trigger(ceiling.tranche.trigger.value),
            "upto": "—" if ceiling.upto_fen is None else yuan(ceiling.upto_fen),
            "base": words.base(ceiling.tranche.base.value),
            "base_yuan": "—" if ceiling.base_fen is None else yuan(ceiling.base_fen),
            "claimed": yuan(line.claimed_fen),
            "paid": yuan(line.paid_fen),
            "retained": yuan(line.retained_fen),
        }

    def _json(self, traveller: Any) -> None:
        money = ledger.position(case_id=traveller.project.pk)
        document = {
            "case": traveller.project.number,
            "title": traveller.project.title,
            "rulebook": str(traveller.project.edition),
            "state": traveller.project.state,
            "money": {
                "paid_fen": money.paid_fen,
                "retained_fen": money.retained_fen,
                "reserved_fen": money.reserved_fen,
            },
            "tranches": [
                {
                    "tranche": line.ceiling.tranche.code.value,
                    "trigger": line.ceiling.tranche.trigger.value,
                    "base": line.ceiling.tranche.base.value,
                    "base_fen": line.ceiling.base_fen,
                    "upto_fen": line.ceiling.upto_fen,
                    "claimed_fen": line.claimed_fen,
                    "paid_fen": line.paid_fen,
                    "retained_fen": line.retained_fen,
                }
                for line in tranches.drawn(traveller.project)
            ],
            "steps": [step.as_json() for step in traveller.steps],
            "refused": [attempt.as_json() for attempt in traveller.refused],
        }
        self.stdout.write(json.dumps(document, ensure_ascii=False, indent=1))
