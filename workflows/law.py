"""The words the law is written in: acts, rules, calls, refusals.

An *act* is a transition of a machine with its seat, rules and form. A *rule* is a named, positive
condition with a code, an article and a refusal. A lifecycle file reads as a table of acts; a rules
file as a list of rules. :mod:`workflows.acts` performs.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django_fsm import transition
from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from funds.models import Transfer
    from workflows.lifecycles.late_entry import LateEntry
    from workflows.offices import Person, Seat

Text = str | Promise
#: Source of an act that is known in every state which is not an end.
ANYWHERE = "*"


class Data(BaseModel):
    """The form of an act: what the actor fills in. Unknown fields are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class Paper(Data):
    """What a file is: the kind of paper it counts as."""

    paper: Annotated[str, Field(min_length=1, max_length=40)]


#: Seats of every office that works on cases.
ANY_SEAT = ("village", "township", "programme", "finance", "department", "leading_group", "procurement",
            "supervision", "audit", "discipline")  # fmt: skip


@dataclass(frozen=True, kw_only=True, slots=True)
class StoredFile:
    """A file that is already stored by its content: name, digest, size, sniffed type."""

    name: str
    sha256: str
    size_bytes: int
    media_type: str


@dataclass(kw_only=True)
class Call:
    """One attempt at one act: who, as what, when, why, with what.

    ``data`` is ``None`` when somebody only asks whether he could.
    """

    act: Act
    case_id: int | None
    by: Person
    seat: Seat
    at: dt.datetime
    reason: str = ""
    data: Any = None
    files: Sequence[StoredFile] = ()
    #: What the act moved; the body of the transition appends, the record keeps.
    transfers: list[Transfer] = field(default_factory=list)
    #: The amount the act is about, in fen, for the record's search.
    amount_fen: int | None = None
    #: Acts on the project that this one brings about, by the same hand and for the same reason: name and form.
    brings: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    #: What the act on a sub-case changed of its project's own row, for the record.
    on_project: dict[str, Any] = field(default_factory=dict)
    #: The approved request by which it is entered afterwards (补录): then ``at`` is when it happened.
    late: LateEntry | None = None
    #: When it is recorded, where that is not when it happened.
    recorded_at: dt.datetime | None = None
    #: Number of the entry that the door wrote.
    entry_id: int | None = None

    @property
    def recorded(self) -> dt.datetime:
        """When it is recorded: what later acts, and other people's terms, count from."""
        return self.recorded_at or self.at


class Unmet(dict[str, Any]):
    """A rule's no, with the facts its refusal names. False, so that rules can return it."""

    def __bool__(self) -> bool:
        return False


Verdict = bool | Unmet


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """A condition of an act: code, article, refusal, and what to do about it."""

    code: str
    article: Text
    refusal: Text
    remedy: Text
    holds: Callable[[Any, Call], Verdict]
    #: Whether it reads the form: such a rule cannot be judged before the form is filled in.
    reads_form: bool

    @property
    def name(self) -> str:
        """The rule's function, as it stands in the code."""
        return self.holds.__name__


#: Every rule by its code, in the order they are written.
RULES: dict[str, Rule] = {}


def rule(
    code: str, article: Text, refusal: Text, *, remedy: Text = "", reads_form: bool = False
) -> Callable[[Callable[[Any, Call], Verdict]], Rule]:
    """Make a function a rule. It states the law positively and returns whether it holds."""

    def name_it(holds: Callable[[Any, Call], Verdict]) -> Rule:
        if code in RULES:
            raise ValueError(f"two rules are called {code}")
        RULES[code] = Rule(
            code=code, article=article, refusal=refusal, remedy=remedy, holds=holds, reads_form=reads_form
        )
        return RULES[code]

    return name_it


@dataclass(frozen=True, kw_only=True, slots=True)
class Refusal:
    """One reason why an act may not be done, ready to be read."""

    code: str
    article: str
    text: str
    remedy: str = ""

    @classmethod
    def by(cls, rule: Rule, facts: Mapping[str, Any]) -> Refusal:
        """The refusal of ``rule``, with the facts it found filled in, in the reader's language."""
        shown = {name: str(value) for name, value in facts.items()}
        return cls(
            code=rule.code,
            article=str(rule.article) % shown if shown else str(rule.article),
            text=str(rule.refusal) % shown if shown else str(rule.refusal),
            remedy=str(rule.remedy) % shown if shown else str(rule.remedy),
        )

    def __str__(self) -> str:
        return f"{self.text} [{self.code} · {self.article}]"


class Refused(Exception):
    """The law says no; all the reasons at once."""

    def __init__(self, refusals: Iterable[Refusal]) -> None:
        self.refusals = tuple(refusals)
        super().__init__("; ".join(str(refusal) for refusal in self.refusals))


class Stale(Exception):
    """The page was opened before something changed: it cannot decide on what it did not show."""


class DoneAlready(Stale):
    """The very act was done a moment ago, by this click's twin or by a colleague."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Act:
    """An entry of a machine's table: who may, from where to where, under which rules."""

    name: str
    label: Text
    article: Text
    seats: tuple[str, ...]
    rules: tuple[Rule, ...] = ()
    takes: type[Data] | None = None
    #: An opinion or reason must be given.
    reason_required: bool = False
    #: How the page shows it: ``advance`` moves forward, ``back`` returns or ends, ``note`` stays.
    tone: str = "advance"
    #: Whether it may be done for several cases at once.
    bulk: bool = False
    #: Whether anybody entitled by his unit may do it, also when it is not this desk's turn.
    any_time: bool = False
    #: Whether pages opened before it may still decide: a reminder changes nothing they showed.
    quiet: bool = False
    #: Whether it may leave the case where it is, as long as more of the same is to come (a bank answers in parts).
    lingers: bool = False
    #: Whether it is about what a case that has ended led to; it leaves the case where it is.
    afterwards: bool = False

    def code(self, kind: str) -> str:
        """The act as the record names it: past tense is for readers, ``project.file`` for search."""
        return f"{kind}.{self.name}"


def door_is_open(case: Any) -> bool:
    """Whether the one door is performing an act on this very object."""
    return case.door is not None


def entitled(case: Any, user: object) -> bool:
    """The permission of every transition: only the actor whom the door has let in."""
    return case.door is not None and case.door.by == user


def act(
    *,
    source: str | Sequence[str],
    target: Any = None,
    by: str | Sequence[str],
    label: Text,
    article: Text,
    rules: Sequence[Rule] = (),
    takes: type[Data] | None = None,
    reason_required: bool = False,
    tone: str = "advance",
    bulk: bool = False,
    any_time: bool = False,
    quiet: bool = False,
    lingers: bool = False,
    afterwards: bool = False,
) -> Callable[[Callable[..., None]], Any]:
    """Declare a transition of a machine. ``target=None`` stays where it is."""
    seats = (by,) if isinstance(by, str) else tuple(by)

    def declare(body: Callable[..., None]) -> Any:
        spec = Act(
            name=body.__name__, label=label, article=article, seats=seats, rules=tuple(rules), takes=takes,
            reason_required=reason_required, tone=tone, bulk=bulk, any_time=any_time, quiet=quiet,
            lingers=lingers, afterwards=afterwards,
        )  # fmt: skip
        sources = [source] if isinstance(source, str) else list(source)
        return transition(
            field="state",
            source=sources,
            target=target,
            conditions=[door_is_open],
            permission=entitled,
            custom={"act": spec},
        )(body)

    return declare


@dataclass(frozen=True, kw_only=True, slots=True)
class Opening:
    """How a case of a kind comes to be: who may open it, under which rules, with which form."""

    label: Text
    article: Text
    seats: tuple[str, ...]
    takes: type[Data]
    rules: tuple[Rule, ...] = ()

    @property
    def act(self) -> Act:
        """The same as an act, for the record and for separation of duties."""
        return Act(
            name="open", label=self.label, article=self.article, seats=self.seats, rules=self.rules,
            takes=self.takes, any_time=True,
        )  # fmt: skip


NOT_NOW = rule("S-01", _("the machine of this kind of case"),
               _("“%(act)s” cannot be done while the case is at “%(state)s”; it is the turn of: %(turn)s."),
               remedy=_("Reload the page to see what can be done now."))(lambda case, call: True)  # fmt: skip
NOT_YOURS = rule("O-01", _("会计法 art. 25: duties are defined; county rulebook, offices"),
                 _("“%(act)s” belongs to %(seats)s of this area; you do not hold such a post on that day."),
                 remedy=_("Ask %(seats)s, or have the post delegated to you."))(lambda case, call: True)  # fmt: skip
