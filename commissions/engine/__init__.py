"""The engine: arrays in, arrays out. It knows no framework, no parser, no clock and no floats.

Names are loaded when they are first asked for: who only reads plans and figures, as web processes
do, loads no compiler.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from commissions.engine.version import ENGINE_VERSION

if TYPE_CHECKING:
    from commissions.engine.comparing import has_only_more_below, rows_that_differ
    from commissions.engine.cuts import Cut, capped_by
    from commissions.engine.digest import digest_columns, result_digest, snapshot_digest
    from commissions.engine.earned import Evidence
    from commissions.engine.earnings import Earnings
    from commissions.engine.errors import (
        BadNetwork,
        BadSnapshot,
        BooksBroken,
        EngineError,
        TooLarge,
    )
    from commissions.engine.explain import Trace, explain_earning, explain_sale
    from commissions.engine.frames import order_trees
    from commissions.engine.lines import Lines, lines_of
    from commissions.engine.missed import Missed, missed_by
    from commissions.engine.network import Network, order_network
    from commissions.engine.plan import Plan
    from commissions.engine.reasons import Limit, Outcome
    from commissions.engine.run import RunResult, Stage, calculate_run
    from commissions.engine.snapshot import (
        Carried,
        Flag,
        Placement,
        PostedPay,
        Snapshot,
        make_snapshot,
    )
    from commissions.engine.standings import Standings
    from commissions.engine.warm import warm_up

HOMES = {
    "comparing": ("has_only_more_below", "rows_that_differ"),
    "cuts": ("Cut", "capped_by"),
    "digest": ("digest_columns", "result_digest", "snapshot_digest"),
    "errors": ("BadNetwork", "BadSnapshot", "BooksBroken", "EngineError", "TooLarge"),
    "explain": ("Trace", "explain_earning", "explain_sale"),
    "frames": ("order_trees",),
    "lines": ("Lines", "lines_of"),
    "missed": ("Missed", "missed_by"),
    "network": ("Network", "order_network"),
    "plan": ("Plan",),
    "earned": ("Evidence",),
    "earnings": ("Earnings",),
    "reasons": ("Limit", "Outcome"),
    "run": ("RunResult", "Stage", "calculate_run"),
    "snapshot": ("Carried", "Flag", "Placement", "PostedPay", "Snapshot", "make_snapshot"),
    "standings": ("Standings",),
    "warm": ("warm_up",),
}

__all__ = [
    "ENGINE_VERSION",
    "BadNetwork",
    "BadSnapshot",
    "BooksBroken",
    "Carried",
    "Cut",
    "Earnings",
    "EngineError",
    "Evidence",
    "Flag",
    "Limit",
    "Lines",
    "Missed",
    "Network",
    "Outcome",
    "Placement",
    "Plan",
    "PostedPay",
    "RunResult",
    "Snapshot",
    "Stage",
    "Standings",
    "TooLarge",
    "Trace",
    "calculate_run",
    "capped_by",
    "digest_columns",
    "explain_earning",
    "explain_sale",
    "has_only_more_below",
    "lines_of",
    "make_snapshot",
    "missed_by",
    "order_network",
    "order_trees",
    "result_digest",
    "rows_that_differ",
    "snapshot_digest",
    "warm_up",
]


def __getattr__(name: str) -> object:
    """Return a name from the module it lives in."""
    for home, names in HOMES.items():
        if name in names:
            return getattr(import_module(f"commissions.engine.{home}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
