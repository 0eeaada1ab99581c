"""Periods, plan versions, runs, and what a run found for each member."""

from commissions.models.periods import Period, PeriodType
from commissions.models.plans import PlanVersion
from commissions.models.results import Earning, Explanation, Standing, StatementTotal
from commissions.models.runs import Run

__all__ = [
    "Earning",
    "Explanation",
    "Period",
    "PeriodType",
    "PlanVersion",
    "Run",
    "Standing",
    "StatementTotal",
]
