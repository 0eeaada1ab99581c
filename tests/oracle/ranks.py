"""Ranks of one distributor: qualified-as, title, paid-as and highest."""

from tests.oracle.requirements import is_met, qualified_before
from tests.oracle.run import RankStanding, Run


def ranks_of(run: Run, id: str) -> RankStanding:
    """Return all ranks of a distributor whose downline is worked out already."""
    state, plan = run.state, run.plan
    before = RankStanding(
        title=plan.number_of(state.text(id, "rank.title")),
        paid_as=plan.number_of(state.text(id, "rank.paid_as")),
        highest=plan.number_of(state.text(id, "rank.highest")),
        grace=int(state.number(id, "rank.grace")),
        held=int(state.number(id, "rank.held")),
    )
    now = RankStanding(qualified=qualified_as(run, id, before))
    now.highest = max(before.highest, now.qualified)
    if plan.rank_rules.title == "highest":
        now.title = now.highest
    else:
        title_by_window(run, id, before, now)
    paid_as(run, id, before, now)
    return now


def qualified_as(run: Run, id: str, before: RankStanding) -> int:
    """Return the highest rank that is reached, or kept by who was paid as it or higher."""
    said = run.plan.market(run.member(id).market).ranks
    for number in range(len(run.plan.ranks), 0, -1):
        rank = run.plan.ranks[number - 1]
        require, maintain = said.get(rank.name, (None, None))
        if is_met(run, require or rank.require, id):
            return number
        keep = maintain or rank.maintain
        if keep is not None and before.paid_as >= number and is_met(run, keep, id):
            return number
    return 0


def title_by_window(run: Run, id: str, before: RankStanding, now: RankStanding) -> None:
    """Keep the title, unless it was missed too often since it was reached."""
    rules = run.plan.rank_rules
    if now.qualified >= before.title:
        now.title = now.qualified
        now.held = before.held + 1 if now.title == before.title else 1
        return
    earlier = range(1, min(rules.of - 1, before.held) + 1)
    missed = 1 + sum(qualified_before(run, id, number) < before.title for number in earlier)
    if missed <= rules.of - rules.met:
        now.title, now.held = before.title, before.held + 1
        return
    falls_to = before.title - 1 if rules.falls == "one step" else now.qualified
    now.title, now.held = max(falls_to, now.qualified), 1


def paid_as(run: Run, id: str, before: RankStanding, now: RankStanding) -> None:
    """Set what pay uses: what is set by hand, or the rank itself, or the last one by grace."""
    rules, by_hand = run.plan.rank_rules, run.member(id).rank_by_hand
    if by_hand is not None:
        now.paid_as = run.plan.number_of(by_hand)
        return
    now.paid_as = now.qualified if rules.paid_as == "qualified" else now.title
    if now.paid_as < before.paid_as and before.grace < rules.grace:
        now.paid_as, now.grace = before.paid_as, before.grace + 1
