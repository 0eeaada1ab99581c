"""Leaders on the way up of a sale, for generations."""

from collections.abc import Callable, Iterator

from tests.oracle.plan import Bonus
from tests.oracle.requirements import is_met
from tests.oracle.run import Run
from tests.oracle.trees import Tree

IsLeader = Callable[[str], bool]
IsPaid = Callable[[str], bool]


def leaders_of(run: Run, bonus: Bonus) -> Iterator[tuple[IsLeader, IsPaid]]:
    """Yield who is a leader, and who of them is paid.

    With `leaders = "rank of the earner"` once for each rank by itself: those of that rank or a
    higher one are the leaders, and those of exactly that rank are paid.
    """
    if bonus.keys["leaders"] != "rank of the earner":
        yield leader_test(run, bonus), lambda _: True
        return
    for rank in range(1, len(run.plan.ranks) + 1):
        yield has_rank(run, rank), has_exactly(run, rank)


def has_rank(run: Run, rank: int) -> IsLeader:
    return lambda id: run.member(id).policies.occupies_level and run.ranks[id].paid_as >= rank


def has_exactly(run: Run, rank: int) -> IsPaid:
    return lambda id: run.ranks[id].paid_as == rank


def leader_test(run: Run, bonus: Bonus) -> IsLeader:
    """Return who is a leader: who meets the requirements and occupies a level."""
    leaders = bonus.leaders
    assert leaders is not None
    return lambda id: run.member(id).policies.occupies_level and is_met(run, leaders, id)


def leaders_met(bonus: Bonus, tree: Tree, owner: str, is_leader: IsLeader) -> Iterator[str]:
    """Yield the leaders whom a sale meets: the group leader first, then one for each generation.

    With `leader_sales = "group above"`, what a leader sells belongs to the group above.
    """
    if bonus.keys.get("leader_sales", "own group") == "own group" and is_leader(owner):
        yield owner
    yield from filter(is_leader, tree.upline(owner))
