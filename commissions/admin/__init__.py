"""The company's side of pay: periods, plans in versions, and runs."""

from commissions.admin import periods, plans, runs

__all__ = ["periods", "plans", "runs"]
