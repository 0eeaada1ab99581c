"""The engine: arrays in, arrays out. It knows no framework, no parser, no clock and no floats."""

from commissions.engine import _compile  # isort: skip - says where numba keeps its machine code

from commissions.engine.digest import digest_columns, result_digest, snapshot_digest
from commissions.engine.errors import (
    BadNetwork,
    BadSnapshot,
    BooksBroken,
    EngineError,
    TooLarge,
)
from commissions.engine.explain import Outcome, Trace, explain_sale
from commissions.engine.lines import Lines, lines_of
from commissions.engine.network import Network, order_network
from commissions.engine.plan import Plan
from commissions.engine.returns import reverse_lines
from commissions.engine.run import Earnings, RunResult, calculate_run
from commissions.engine.snapshot import Flag, Snapshot, make_snapshot
from commissions.engine.standings import Standings
from commissions.engine.warm import warm_up

ENGINE_VERSION = f"1+{_compile.sources_digest()[:12]}"
"""Goes into every run: a number that we raise when results change, and the sources' digest."""

__all__ = [
    "ENGINE_VERSION",
    "BadNetwork",
    "BadSnapshot",
    "BooksBroken",
    "Earnings",
    "EngineError",
    "Flag",
    "Lines",
    "Network",
    "Outcome",
    "Plan",
    "RunResult",
    "Snapshot",
    "Standings",
    "TooLarge",
    "Trace",
    "calculate_run",
    "digest_columns",
    "explain_sale",
    "lines_of",
    "make_snapshot",
    "order_network",
    "result_digest",
    "reverse_lines",
    "snapshot_digest",
    "warm_up",
]
