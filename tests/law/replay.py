"""An auditor's own check, as a program of its own: `python replay.py LOG... MODEL...` replays logs on models by pm4py.

Prints JSON: log, model → the number of cases of the model's kind in the log, and the worst fitness among them by
token-based replay and by alignment. Run, not imported: pm4py brings its warnings and half a gigabyte along.
"""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path
from typing import Any

warnings.simplefilter("ignore")


def main(given: list[Path]) -> dict[str, Any]:
    """Log -> model -> what was found."""
    import pm4py

    pm4py.util.constants.SHOW_PROGRESS_BAR = False
    models = {path.name: _net(pm4py, path) for path in given if path.suffix in (".bpmn", ".pnml")}
    found: dict[str, Any] = {}
    for path in given:
        if path.name not in models:
            of_kind = _log(pm4py, path)
            found[path.name] = {
                name: _fitness(pm4py, of_kind(name.partition(".")[0]), *net) for name, net in models.items()
            }
    return found


def _net(pm4py: Any, path: Path) -> Any:
    if path.suffix == ".bpmn":
        return pm4py.convert_to_petri_net(pm4py.read_bpmn(str(path)))
    return pm4py.read_pnml(str(path))


def _log(pm4py: Any, path: Path) -> Any:
    """A function that gives the events of a kind of case."""
    if path.suffix == ".xes":
        events = pm4py.read_xes(str(path), return_legacy_log_object=False)
        return lambda kind: events[events["case:kind"] == kind]
    read = pm4py.read_ocel2_sqlite if path.suffix == ".sqlite" else pm4py.read_ocel2_json
    objects = read(str(path))
    return lambda kind: pm4py.ocel_flattening(objects, kind)


def _fitness(pm4py: Any, events: Any, *net: Any) -> dict[str, Any]:
    tokens = pm4py.conformance_diagnostics_token_based_replay(events, *net)
    aligned = pm4py.conformance_diagnostics_alignments(events, *net)
    return {
        "cases": len(aligned),
        "token": min((trace["trace_fitness"] for trace in tokens), default=1.0),
        "aligned": min((trace["fitness"] for trace in aligned), default=1.0),
    }


if __name__ == "__main__":
    print(json.dumps(main([Path(name) for name in sys.argv[1:]])))
