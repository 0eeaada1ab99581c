"""Plans as text: TOML in, a frozen plan of integers out, or every mistake with its place."""

from commissions.engine.plan import Plan
from commissions.plan.compile import plan_mistakes, read_plan
from commissions.plan.examples import ExampleText, read_examples
from commissions.plan.mistakes import PlanError, PlanMistake
from commissions.plan.progress import Progress, Stored, requirement_progress, steps_to
from commissions.plan.schema import plan_schema

__all__ = [
    "ExampleText",
    "Plan",
    "PlanError",
    "PlanMistake",
    "Progress",
    "Stored",
    "plan_mistakes",
    "plan_schema",
    "read_examples",
    "read_plan",
    "requirement_progress",
    "steps_to",
]
