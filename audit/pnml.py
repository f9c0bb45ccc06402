"""The net as PNML, the Petri net file of ISO/IEC 15909-2: stages are places, activities transitions."""

from __future__ import annotations

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from audit.net import Net

#: Between two stages, and between the activities of one; in points.
ACROSS, DOWN = 220, 60


def lines(net: Net, *, ended: bool = False) -> Iterator[str]:
    """The file line by line. ``ended``: only histories that came to an end fit."""
    column = {stage: n + 1 for n, stage in enumerate(net.stages)}
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<pnml xmlns="http://www.pnml.org/version-2009/grammar/pnml">\n'
    yield f'<net id={quoteattr(net.kind)} type="http://www.pnml.org/version-2009/grammar/ptnet">\n'
    yield f'<name><text>{escape(net.label)}</text></name>\n<page id="page">\n'
    yield _place("before", "", x=0, marked=True)
    for stage in net.stages:
        yield _place(stage.key, stage.label, x=column[stage] * ACROSS)
    yield _place("after", "", x=(len(net.stages) + 1) * ACROSS)
    rows = dict.fromkeys(net.stages, 0)
    for n, move in enumerate(net.moves):
        x, y = 0.5, 0
        if move.start is not None:
            rows[move.start] += 1
            x, y = column[move.start], rows[move.start]
        yield _transition(f"t{n}", move.name, x=x * ACROSS, y=y * DOWN)
        yield _arcs(f"t{n}", move.start.key if move.start else "before", move.to.key)
    for n, stage in enumerate(net.exits(ended=ended)):
        yield _transition(f"x{n}", "", x=column[stage] * ACROSS, y=-DOWN)
        yield _arcs(f"x{n}", stage.key, "after")
    yield "</page>\n"
    # Not in the standard, but what tools agreed on for the marking at which a history may stop.
    yield '<finalmarkings><marking><place idref="after"><text>1</text></place></marking></finalmarkings>\n'
    yield "</net>\n</pnml>\n"


def _place(key: str, label: str, *, x: float, marked: bool = False) -> str:
    marking = "<initialMarking><text>1</text></initialMarking>" if marked else ""
    return (
        f"<place id={quoteattr(key)}><name><text>{escape(label or key)}</text></name>"
        f'<graphics><position x="{x:g}" y="0"/></graphics>{marking}</place>\n'
    )


def _transition(key: str, name: str, *, x: float, y: float) -> str:
    """One without a name is silent: nothing in the log answers to it."""
    silent = "" if name else '<toolspecific tool="ProM" version="6.4" activity="$invisible$"/>'
    return (
        f"<transition id={quoteattr(key)}><name><text>{escape(name or key)}</text></name>"
        f'<graphics><position x="{x:g}" y="{y:g}"/></graphics>{silent}</transition>\n'
    )


def _arcs(key: str, source: str, target: str) -> str:
    return (
        f'<arc id="{key}-in" source={quoteattr(source)} target={quoteattr(key)}/>'
        f'<arc id="{key}-out" source={quoteattr(key)} target={quoteattr(target)}/>\n'
    )
