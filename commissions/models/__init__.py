"""Periods, their closings, plan versions, runs, and what a run found for each member."""

from commissions.models.closings import Closing
from commissions.models.periods import Period, PeriodType
from commissions.models.plans import PlanSignature, PlanVersion
from commissions.models.results import (
    NO_LABEL,
    RANK_KEYS,
    Earning,
    Explanation,
    Standing,
    State,
    StatementTotal,
)
from commissions.models.runs import Run

__all__ = [
    "NO_LABEL",
    "RANK_KEYS",
    "Closing",
    "Earning",
    "Explanation",
    "Period",
    "PeriodType",
    "PlanSignature",
    "PlanVersion",
    "Run",
    "Standing",
    "State",
    "StatementTotal",
]
