"""The guarantee of generation 1, settled from the bottom up."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction

from tests.oracle.leaders import IsLeader
from tests.oracle.lines import Grounds, Line
from tests.oracle.plan import Bonus
from tests.oracle.rates import part_of
from tests.oracle.run import Run
from tests.oracle.way_up import PAID, walk

RateOf = Callable[[Run, Bonus, str, str], Fraction]


def moves(
    run: Run,
    bonus: Bonus,
    is_leader: IsLeader,
    found: Sequence[tuple[str, Line]],
    rate_of: RateOf,
) -> Iterator[Line]:
    """Yield what moves from each leader to who is paid generation 1 on that leader's group.

    `found` has the bonus's lines, each with the leader of the group it is on.
    """
    tree = run.trees[bonus.keys.get("tree", "sponsor")]
    points = Fraction(bonus.keys["guarantee"])
    has: dict[str, int] = defaultdict(int)
    """What each is paid by generation 1, with what has moved there from below."""
    paid: dict[str, list[Line]] = defaultdict(list)
    """Everybody's lines in this bonus."""
    for _, line in found:
        paid[line.earner].append(line)
        if line.level == 1:
            has[line.earner] += line.amount
    for leader in filter(is_leader, tree.preorder()[::-1]):
        upline = first_paid(run, bonus, filter(is_leader, tree.upline(leader)))
        if upline is None:
            continue
        rate = rate_of(run, bonus, upline, leader)
        need = run.plan.rounded(part_of(run, bonus, points, rate))
        own = sum(
            line.amount
            for group_leader, line in found
            if group_leader == leader and line.earner == upline and line.level == 1
        )
        moved = min(need - own, has[leader])
        if moved > 0:
            has[leader] -= moved
            has[upline] += moved
            grounds = Grounds(
                whole=Fraction(sum(line.amount for line in paid[leader])),
                lines=tuple(paid[leader]),
            )
            to = move(bonus, upline, leader, moved, grounds)
            paid[upline].append(to)
            yield to
            yield move(bonus, leader, leader, -moved, grounds)


def first_paid(run: Run, bonus: Bonus, leaders: Iterator[str]) -> str | None:
    """Return who is paid generation 1, if anybody is."""
    for each in walk(run, bonus, leaders, ""):
        if each.level == 1 and each.rule == PAID:
            return each.member
    return None


def move(bonus: Bonus, earner: str, leader: str, amount: int, grounds: Grounds) -> Line:
    return Line(
        earner=earner,
        bonus=bonus.name,
        level=1,
        evidence=f"earnings of {leader} in {bonus.name}",
        base=Fraction(0),
        rate=Fraction(0),
        amount=amount,
        exact=Fraction(amount),
        grounds=grounds,
    )
