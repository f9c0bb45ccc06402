"""Counties with rules of their own, for tests that need a road laid otherwise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

#: A tranche that may be claimed whatever the order of the checks is.
TRANCHE = {"code": "final", "trigger": "accepted", "ceiling_permille": 1000, "base": "grant"}


def rulebook(folder: Path, name: str, *, tranches: tuple[dict[str, Any], ...] = (), **tables: dict[str, Any]) -> str:
    """The path of a rulebook that inherits the default one but for some entries of its ``tables``."""
    lines = [f'name = "{name}"', 'title = "试点县规则"', 'edition = "1"', "effective_from = 2020-01-01",
             'inherits = "default"']  # fmt: skip
    for table, entries in tables.items():
        lines += [f"[{table}]", *(_cited(key, value) for key, value in entries.items())]
    for tranche in tranches:
        lines += ["[[tranches]]", *(_cited(key, value) for key, value in tranche.items())]
    path = folder / f"{name}.toml"
    path.write_text("\n".join(lines), encoding="utf-8")
    return str(path)


def _cited(key: str, value: Any) -> str:
    # JSON writes strings, numbers and lists of them as TOML does.
    return f'{key} = {{ value = {json.dumps(value)}, article = "第一条", source = "县级试点文件" }}'
