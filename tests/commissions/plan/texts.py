"""Small plans for tests, put together from what each test is about."""

from pathlib import Path

from commissions.engine.plan import BonusRule, Figure, Plan
from commissions.plan import PlanError, PlanMistake, read_plan

ROOT = Path(__file__).parents[3]
EVERYTHING = (Path(__file__).parent / "everything.toml").read_text(encoding="utf-8")
"""A plan that says everything that the language can say."""

TOP = 'name = "Small"\ncurrency = "USD"\ncadence = "monthly"\n'
RANKS = (
    '[[rank]]\nname = "Silver"\nrequire = ["PV >= 1"]\n'
    '[[rank]]\nname = "Gold"\nrequire = ["PV >= 2"]\n'
    '[[rank]]\nname = "Two Star"\nrequire = ["PV >= 3"]\n'
    '[[rank]]\nname = "head of sales"\nrequire = ["PV >= 4"]\n'
)
TREES = '[tree.power]\nkind = "binary"\n[tree.grid]\nkind = "matrix"\nwidth = 3\n'


def plan_of(body: str) -> Plan:
    """Return a small plan with these lines."""
    return read_plan(TOP + body)


def mistakes_of(text: str) -> tuple[PlanMistake, ...]:
    """Return the mistakes of a text; none if it is a plan."""
    try:
        read_plan(text)
    except PlanError as error:
        return error.mistakes
    return ()


def bonus_text(kind: str, **keys: str) -> str:
    """Return a bonus with these keys, whose values are as TOML has them."""
    lines = [f"{key.rstrip('_')} = {value}\n" for key, value in keys.items()]
    return f'[[bonus]]\nname = "B"\nkind = "{kind}"\n{"".join(lines)}'


def rule_of(kind: str, *, after: str = "", **keys: str) -> BonusRule:
    """Return what a bonus becomes, in a plan with ranks and trees."""
    plan = plan_of(TREES + RANKS + bonus_text(kind, **keys) + after)
    return plan.bonuses[0]


def volume_of(phrase: str, before: str = "") -> tuple[Figure, Plan]:
    """Return what the volume `X` becomes, in a plan with ranks and trees."""
    plan = plan_of(f'{TREES}{RANKS}[volume]\n{before}X = "{phrase}"\n')
    return plan.figures[plan.figure_index("X")], plan
