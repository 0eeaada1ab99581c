"""`structure`: for a shape that is filled."""

from collections import Counter
from collections.abc import Iterator
from fractions import Fraction

from tests.oracle.evidence import all_sales_of
from tests.oracle.lines import Line
from tests.oracle.plan import Bonus
from tests.oracle.rates import depth_of, is_qualified, rates_for
from tests.oracle.requirements import is_met
from tests.oracle.run import Run
from tests.oracle.trees import Tree

NONE = -1
"""The stage of who does not meet `person`."""


def lines(run: Run, bonus: Bonus) -> Iterator[Line]:
    tree = run.trees[bonus.keys.get("tree", "enroller")]
    stages = stages_of(run, bonus, tree)
    for id in run.members:
        if not is_qualified(run, bonus, id):
            continue
        most = len(rates_for(run, bonus, id, "pays"))
        reached = [min(stages[id], most)]
        if bonus.keys.get("sets", False):
            reached = sets(run, bonus, tree, stages, id, most)
        for stage, times in sorted(paid_stages(bonus, reached).items()):
            yield from on_stage(run, bonus, tree, id, stage, times)


def stages_of(run: Run, bonus: Bonus, tree: Tree) -> dict[str, int]:
    """Return everybody's stage: 0 by oneself, and one more for every level of the shape."""
    person = bonus.person
    assert person is not None
    stages = {id: 0 if is_met(run, person, id) else NONE for id in run.members}
    for stage in range(1, depth_of(run, bonus, "pays") + 1):
        reach = [id for id in run.members if may_reach(run, bonus, tree, stages, id, stage)]
        stages |= dict.fromkeys(reach, stage)
    return stages


def may_reach(
    run: Run, bonus: Bonus, tree: Tree, stages: dict[str, int], id: str, stage: int
) -> bool:
    legs = [each for each in tree.below(id) if stages[each] >= stage - 1]
    return len(legs) >= bonus.keys["width"] and may_head(run, bonus, stages, id)


def may_head(run: Run, bonus: Bonus, stages: dict[str, int], id: str) -> bool:
    head = bonus.head
    assert head is not None
    return stages[id] > NONE and is_met(run, head, id)


def sets(
    run: Run, bonus: Bonus, tree: Tree, stages: dict[str, int], id: str, most: int
) -> list[int]:
    """Return the stages of the sets that count: another one only after one with all stages."""
    if not may_head(run, bonus, stages, id):
        return []
    width = bonus.keys["width"]
    frontline = sorted((stages[each] for each in tree.below(id)), reverse=True)
    found: list[int] = []
    while len(frontline) >= width and all(stage == most for stage in found):
        found.append(min(frontline[width - 1] + 1, most))
        del frontline[:width]
    return found


def paid_stages(bonus: Bonus, reached: list[int]) -> Counter[int]:
    """Return how many sets are paid at each stage: at the highest, or at each one reached."""
    paid: Counter[int] = Counter()
    for stage in reached:
        if bonus.keys.get("paid", "highest") == "each":
            paid.update(range(1, stage + 1))
        elif stage >= 1:
            paid[stage] += 1
    return paid


def on_stage(run: Run, bonus: Bonus, tree: Tree, id: str, stage: int, times: int) -> Iterator[Line]:
    row = rates_for(run, bonus, id, "pays")
    shape = [id, *levels_down(tree, id, stage)]
    grounds = all_sales_of(run, "PV", shape)
    if not grounds.volumes:
        return
    amount = times * (row[stage - 1].money or 0)
    if amount:
        yield Line(
            earner=id,
            bonus=bonus.name,
            level=stage,
            evidence=f"shape of {id}",
            base=Fraction(times),
            rate=Fraction(0),
            amount=amount,
            exact=Fraction(amount),
            grounds=grounds,
        )


def levels_down(tree: Tree, id: str, levels: int) -> Iterator[str]:
    """Yield the downline down to so many levels, whatever their state."""
    above = [id]
    for _ in range(levels):
        above = [each for one in above for each in tree.below(one)]
        yield from above
