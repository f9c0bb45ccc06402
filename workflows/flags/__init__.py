"""Red flags: signs in the record that are worth an auditor's look, one a file. They read entries, and nothing else.

A flag accuses nobody. An auditor dismisses it or adopts it, with a reason, by an act (workflows.lifecycles.red_flag);
see docs/flags.md.
"""

from __future__ import annotations

from workflows.flags import (
    f01_splitting,
    f02_winner,
    f03_seconds,
    f04_bursts,
    f05_off_hours,
    f06_year_end,
    f07_returns,
    f08_idle,
    f09_hands,
    f10_open_orders,
    f11_twice_listed,
    f12_deceased,
    f13_late,
)
from workflows.flags.words import Flag as Flag
from workflows.flags.words import Hit as Hit

#: Every flag by its code.
FLAGS: dict[str, Flag] = {
    module.FLAG.code: module.FLAG
    for module in (
        f01_splitting, f02_winner, f03_seconds, f04_bursts, f05_off_hours, f06_year_end, f07_returns, f08_idle,
        f09_hands, f10_open_orders, f11_twice_listed, f12_deceased, f13_late,
    )
}  # fmt: skip
