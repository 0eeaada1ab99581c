"""Requirements as somebody looks at their own: what there is, what is needed, what is missing."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from commissions.plan import Plan, Progress
from mlm.display import points
from office.words.asking import asked


@dataclass(frozen=True, slots=True)
class Need:
    """One requirement; `have`, `need` and `missing` are written, `filled` is of a hundred.

    `is_below`: there must be less than `need`, so that nothing more can be done about it.
    `whole` is the requirement that it is a part of, where that can be met in several ways.
    """

    words: str
    whole: str
    have: str
    need: str
    missing: str
    filled: int
    is_met: bool
    is_yes_or_no: bool
    is_below: bool


def need(plan: Plan, step: Progress) -> Need:
    """Return a requirement's progress, ready to be shown."""

    def written(value: int) -> str:
        return points(value) if step.is_volume else f"{value:,}"

    have = max(0, min(step.have, step.need))
    return Need(
        words=asked(plan, step),
        whole=step.requirement if step.requirement != step.phrase else "",
        have=written(step.have),
        need=written(step.need),
        missing=written(step.missing),
        filled=100 * have // step.need if step.need > 0 else 100,
        is_met=step.is_met,
        is_yes_or_no=step.is_yes_or_no,
        is_below=step.is_below,
    )


def needs(plan: Plan, steps: Iterable[Progress]) -> list[Need]:
    """Return requirements in their order, each once."""
    return list(dict.fromkeys(need(plan, step) for step in steps))


def unmet(plan: Plan, steps: Iterable[Progress]) -> list[Need]:
    """Return the requirements that are not met."""
    return needs(plan, (step for step in steps if not step.is_met))
