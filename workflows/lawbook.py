"""The law as a document, read from the code itself: every machine, act, opening and rule.

What cannot drift need not be kept in step: :func:`render` has no words of its own about the law,
only headings. :mod:`workflows.lawgraph` says what must be true of a law to be rendered at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from funds import ledger
from workflows.cases import Kind
from workflows.law import RULES, Act, Rule, Text
from workflows.lawgraph import AT_THE_DOOR, Step, beginning, every_act, steps, uses
from workflows.lifecycles import KINDS
from workflows.offices import OUTSIDERS, Office
from workflows.states import ENDS, PUBLIC_WORDS, STATES

#: A diagram with more arrows than this is drawn in two: the road, and what leaves it.
ARROWS_MAX = 16

INTRO = _(
    "Written by `manage.py law` from the code; do not edit. A name is given in Chinese, then in"
    " English; what stands in `code` is the name in the code and in the record. Words in {braces}"
    " are filled in with the facts of the case. The days, percentages and amounts, the papers and"
    " notices that an act waits for, and the acts that may not meet in one hand stand in the"
    " county's rulebook: `manage.py rulebook show NAME`."
)
DIAGRAM_NOTE = _(
    "Acts that leave the case where it is are in the table only; where one act has several arrows,"
    " rulebook or record choose."
)


def render() -> str:
    """The whole document, in Markdown. The same law gives the same bytes."""
    parts = [f"# {both(_('The law'))}", both(INTRO, "\n\n"), *_contents()]
    for kind in KINDS:
        parts += _machine(kind)
    parts += [
        f"## {both(_('Rules'))}",
        *_rules(),
        f"## {both(_('Refusals of the ledger'))}",
        *_ledger(),
    ]
    parts += [f"## {both(_('By article'))}", *_articles()]
    return "\n\n".join(parts) + "\n"


def both(text: Text, between: str = " ") -> str:
    """Chinese, then English; once where they are the same."""
    chinese, english = in_language(text, "zh-hans"), in_language(text, "en")
    return chinese if chinese == english else f"{chinese}{between}{english}"


def in_language(text: Text, language: str) -> str:
    """The text in one language, with its placeholders in braces."""
    with translation.override(language):
        return re.sub(r"%\((\w+)\)s", r"{\1}", str(text))


# Parts


def _contents() -> list[str]:
    links = [f"- [{both(Kind(kind).label)}](#{kind})" for kind in KINDS]
    links += [
        f"- [{both(_('Rules'))}](#rules)",
        f"- [{both(_('Refusals of the ledger'))}](#ledger)",
    ]
    return ["\n".join([*links, f"- [{both(_('By article'))}](#articles)"])]


def _machine(kind: str) -> list[str]:
    machine = KINDS[kind]
    opening, known = machine.opening.act, steps(machine)
    first = _row(kind, Step(act=opening, sources=(), targets=(beginning(kind),)))
    return [
        f'<a id="{kind}"></a>',
        f"## {both(Kind(kind).label)} `{kind}`",
        *_diagrams(kind, known),
        both(DIAGRAM_NOTE, "<br>"),
        _table((_("Act"), _("From state"), _("To state"), _("Whose"), _("Gives"), _("Rules"), _("Article")),
               [first, *(_row(kind, step) for step in known)]),
        _table((_("State"), _("Chinese"), _("English"), _("The public reads")), _states(kind)),
    ]  # fmt: skip


def _row(kind: str, step: Step) -> tuple[str, ...]:
    act = step.act
    whose = "<br>".join(both(_office(seat)) for seat in act.seats)
    if act.any_time:
        whose += f"<br>*{both(_('also out of turn'))}*"
    gives = [f"`{name}`" for name in (act.takes.model_fields if act.takes else ())]
    if act.reason_required:
        gives.append(both(_("opinion")))
    # Asked of a case that is there: an opening has nothing to leave.
    sources = _sources(kind, step.sources) if step.sources else "—"
    return (
        f"**{both(act.label, '<br>')}**<br>`{act.code(kind)}`",
        sources,
        "<br>".join(_state(kind, target) for target in step.targets) or f"*{both(_('stays'))}*",
        whose,
        ", ".join(gives) or "—",
        ", ".join(_link(rule) for rule in act.rules) or "—",
        both(act.article, "<br>"),
    )


def _sources(kind: str, sources: tuple[str, ...]) -> str:
    living = set(STATES[kind].values) - ENDS[kind]
    if len(sources) > 1 and set(sources) == living:
        return f"*{both(_('any that is not an end'))}*"
    return "<br>".join(_state(kind, source) for source in sources)


def _states(kind: str) -> list[tuple[str, ...]]:
    words = {state: word for word, states in PUBLIC_WORDS.items() for state in states}
    rows: list[tuple[str, ...]] = []
    for state in STATES[kind]:
        end = f" ({both(_('end'))})" if state in ENDS[kind] else ""
        public = both(words[state]) if kind == "project" else "—"  # type: ignore[index]
        rows.append(
            (
                f"`{state.value}`{end}",
                in_language(state.label, "zh-hans"),
                in_language(state.label, "en"),
                public,
            )
        )
    return rows


def _diagrams(kind: str, known: list[Step]) -> list[str]:
    """One picture; two of a large machine: the road, and how one leaves it and comes back."""
    arrows: dict[tuple[str, str], list[Act]] = {}
    for step in known:
        for arrow in step.arrows:
            arrows.setdefault(arrow, []).append(step.act)
    if len(arrows) <= ARROWS_MAX:
        return [_diagram(kind, arrows)]
    onward = {to for (_start, to), acts in arrows.items() if any(act.tone != "back" for act in acts)}
    aside = set(STATES[kind].values) - onward - {beginning(kind)}
    road = {arrow: acts for arrow, acts in arrows.items() if not aside & set(arrow)}
    byways = {arrow: acts for arrow, acts in arrows.items() if aside & set(arrow)}
    return [_diagram(kind, road), _diagram(kind, byways, whole=False)]


def _diagram(kind: str, arrows: dict[tuple[str, str], list[Act]], *, whole: bool = True) -> str:
    used = {state for arrow in arrows for state in arrow}
    states = [state for state in STATES[kind] if state.value in used]
    lines = ["stateDiagram-v2"]
    lines += [f'    state "{both(state.label)}" as {state.value}' for state in states]
    if whole:
        opening = KINDS[kind].opening.act
        lines.append(f"    [*] --> {beginning(kind)} : {in_language(opening.label, 'zh-hans')} open")
    for (source, target), acts in arrows.items():
        names = " / ".join(f"{in_language(act.label, 'zh-hans')} {act.name}" for act in acts)
        lines.append(f"    {source} --> {target} : {names}")
    lines += [f"    {state.value} --> [*]" for state in states if state in ENDS[kind]]
    return "\n".join(["```mermaid", *lines, "```"])


def _rules() -> list[str]:
    header = (_("Rule"), _("Function"), _("Article"), _("Refusal"), _("What to do"), _("Acts"))
    return ['<a id="rules"></a>', _table(header, [_rule(RULES[code]) for code in sorted(RULES)])]


def _rule(rule: Rule) -> tuple[str, ...]:
    if rule in AT_THE_DOOR:
        function = "[acts](../workflows/acts.py)"
    else:
        path = rule.holds.__module__.replace(".", "/")
        function = f"[`{rule.name}`](../{path}.py)"
    asked = uses(rule)
    acts = both(_("every act")) if asked == ["*"] else "<br>".join(f"`{code}`" for code in asked)
    anchor = f'<a id="{rule.code.lower()}"></a>**{rule.code}**'
    return (
        anchor,
        function,
        *(both(text, "<br>") for text in (rule.article, rule.refusal, rule.remedy)),
        acts,
    )


def _ledger() -> list[str]:
    refusals = sorted(ledger.LedgerRefused.__subclasses__(), key=lambda refused: refused.code)
    rows = [
        (
            f"**{refused.code}**",
            f"`{refused.__name__}`",
            both(refused.article, "<br>"),
            both(refused.message, "<br>"),
        )
        for refused in refusals
    ]
    return ['<a id="ledger"></a>', _table((_("Rule"), _("Name"), _("Article"), _("Refusal")), rows)]


def _articles() -> list[str]:
    """Source of law -> the rules and acts that stand on it."""
    found: dict[str, list[str]] = {}
    for code in sorted(RULES):
        for article in _each(RULES[code].article):
            found.setdefault(article, []).append(_link(RULES[code]))
    for code, act in every_act():
        for article in _each(act.article):
            found.setdefault(article, []).append(f"`{code}`")
    rows = [(article, ", ".join(dict.fromkeys(found[article]))) for article in sorted(found)]
    return ['<a id="articles"></a>', _table((_("Article"), _("Rules and acts")), rows)]


def _each(article: Text) -> list[str]:
    """A reference to several sources, source by source, where both languages part it alike."""
    chinese = re.split(r"[;；]\s*", in_language(article, "zh-hans"))
    english = re.split(r"[;；]\s*", in_language(article, "en"))
    if len(chinese) != len(english):
        return [both(article, "<br>")]
    return [c if c == e else f"{c}<br>{e}" for c, e in zip(chinese, english, strict=True)]


# Cells


def _office(seat: str) -> Promise | str:
    if seat in OUTSIDERS:
        return OUTSIDERS[seat]
    named = {"department": _("Competent department"), "addressee": _("Addressee of the order")}
    return named.get(seat) or Office(seat).label


def _state(kind: str, state: str) -> str:
    return f"{in_language(STATES[kind](state).label, 'zh-hans')} `{state}`"


def _link(rule: Rule) -> str:
    return f"[{rule.code}](#{rule.code.lower()})"


def _table(header: Iterable[Text], rows: Iterable[Iterable[str]]) -> str:
    titles = [both(title) for title in header]
    lines = [
        titles,
        ["---"] * len(titles),
        *([cell.replace("|", "\\|") for cell in row] for row in rows),
    ]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)
