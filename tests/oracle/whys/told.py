"""What somebody is told about a sale, or about an earning that is matched."""

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from tests.oracle.lines import Answer, Line
from tests.oracle.plan import Bonus
from tests.oracle.rates import meets_requires, seems_active
from tests.oracle.run import Run
from tests.oracle.trees import Tree
from tests.oracle.way_up import PAID

Key = tuple[str, str, str, int]
"""A bonus, what a line rests on, who is paid, and the level."""

OF_THE_TABLE = {
    1: "state", 2: "inactive", 3: "unqualified", 4: "not covered", 5: "state", 6: "inactive",
    7: "unqualified", 8: "not covered", PAID: "paid",
}  # fmt: skip


@dataclass(frozen=True)
class Told:
    """One reason, told of somebody on a level. `to` is who was paid in their place."""

    member: str
    level: int
    reason: str
    is_skipped: bool = False
    to: str | None = None


def lines_by_key(answer: Answer) -> dict[Key, list[Line]]:
    found: dict[Key, list[Line]] = {}
    for line in answer.lines:
        found.setdefault((line.bonus, line.evidence, line.earner, line.level), []).append(line)
    return found


def tree_of(run: Run, bonus: Bonus) -> Tree:
    default = "enroller" if bonus.kind in ("fast-start", "structure") else "sponsor"
    return run.trees[bonus.keys.get("tree", default)]


def without_place(run: Run, bonus: Bonus, id: str) -> Iterator[Told]:
    """Yield that nobody is above somebody who has no place in the tree."""
    if bonus.kind not in ("retail", "personal") and id not in tree_of(run, bonus).parents:
        yield Told(id, 0, "not in tree")


def why_never_paid(run: Run, bonus: Bonus, id: str, rate: Fraction | int | None) -> str | None:
    """Return why somebody is paid nothing in a bonus, whatever others are paid."""
    if not run.member(id).policies.earns:
        return "state"
    if not seems_active(run, bonus, id):
        return "inactive"
    if not meets_requires(run, bonus, id):
        return "unqualified"
    return "not covered" if not rate else None
