"""What a period leaves to the next."""

from collections.abc import Iterable, Iterator
from fractions import Fraction

from tests.oracle.figures import past, reserve, value
from tests.oracle.phrases import OverTime, RankBefore, Reserve, single
from tests.oracle.plan import Plan
from tests.oracle.run import Run
from tests.oracle.state import Row

OF_RANKS_AND_VOLUMES = ("rank.", "lifetime.", "past.", "reserve.")


def left(run: Run, of_bonuses: Iterable[Row]) -> list[Row]:
    """Return the rows, without those of zero and of no rank.

    A run of a shorter rhythm writes only what its own bonuses leave.
    """
    rows = [*of_bonuses]
    if run.is_of_plans_rhythm:
        for id in run.members:
            rows += [*of_volumes(run, id), *of_ranks(run, id)]
    rows += passed_on(run)
    return [row for row in rows if row[2] not in (0, "")]


def of_volumes(run: Run, id: str) -> Iterator[Row]:
    for volume in of_lifetime(run.plan):
        lifetime = run.state.number(id, f"lifetime.{volume}") + value(run, volume, id)
        yield id, f"lifetime.{volume}", lifetime
    for volume, periods in periods_asked(run.plan).items():
        for number in range(periods - 1):
            label = run.longer.start_of_earlier(number)
            figure = past(run, volume, id, number) if number else value(run, volume, id)
            yield id, f"past.{volume}@{label}", figure
    for name, meaning in run.plan.volumes.items():
        if isinstance(meaning, Reserve):
            yield id, f"reserve.{name}", reserve(meaning, run, name, id)[2]


def of_lifetime(plan: Plan) -> list[str]:
    """Return the volumes of which the plan asks what they come to in a lifetime."""
    meanings = [each for each in plan.volumes.values() if isinstance(each, OverTime)]
    return list(dict.fromkeys(each.of for each in meanings if each.how == "lifetime"))


def periods_asked(plan: Plan) -> dict[str, int]:
    """Return of how many periods, this one included, a volume is asked."""
    asked: dict[str, int] = {}
    for each in plan.volumes.values():
        if isinstance(each, OverTime) and each.how != "lifetime":
            asked[each.of] = max(asked.get(each.of, 0), each.periods)
    return asked


def of_ranks(run: Run, id: str) -> Iterator[Row]:
    ranks, plan = run.ranks[id], run.plan
    if not plan.ranks:
        return
    yield id, "rank.paid_as", plan.rank_name(ranks.paid_as) or ""
    yield id, "rank.title", plan.rank_name(ranks.title) or ""
    yield id, "rank.highest", plan.rank_name(ranks.highest) or ""
    if plan.rank_rules.grace:
        yield id, "rank.grace", Fraction(ranks.grace)
    if plan.rank_rules.title == "window" and ranks.title:
        yield id, "rank.held", Fraction(ranks.held)
    for number in range(qualified_asked(plan)):
        label = run.longer.start_of_earlier(number)
        before = run.state.text(id, f"rank.qualified@{label}") or ""
        now = plan.rank_name(ranks.qualified) or ""
        yield id, f"rank.qualified@{label}", before if number else now


def qualified_asked(plan: Plan) -> int:
    """Return of how many earlier periods a plan asks the qualified-as rank."""
    asked = [
        each.periods
        for requirement in plan.requirements()
        for each in single(requirement)
        if isinstance(each, RankBefore)
    ]
    window = [plan.rank_rules.of - 1] if plan.rank_rules.title == "window" else []
    return max([*asked, *window], default=0)


def passed_on(run: Run) -> Iterator[Row]:
    """Yield rows of who is not there, and those of ranks and volumes that the plan does not use.

    Rows of another rhythm stay with the runs of that rhythm.
    """
    used = keys_used(run.plan)
    for row in run.state.rows:
        member, key, _ = row
        if key.startswith(OF_RANKS_AND_VOLUMES):
            is_absent_or_unused = member not in run.members or key.split("@")[0] not in used
            if run.is_of_plans_rhythm and is_absent_or_unused:
                yield row
        elif member not in run.members and is_of_this_rhythm(run, key):
            yield row


def is_of_this_rhythm(run: Run, key: str) -> bool:
    """Return whether a row such as `Team.left@2026-01-01` is of a bonus of the run's rhythm."""
    name = key.split("@")[0].rpartition(".")[0]
    return all(
        bonus.cadence == run.period.cadence for bonus in run.plan.bonuses if bonus.name == name
    )


def keys_used(plan: Plan) -> set[str]:
    """Return the keys, without a period's label, that the plan's own rows replace."""
    used = {f"lifetime.{volume}" for volume in of_lifetime(plan)}
    used |= {f"past.{volume}" for volume in periods_asked(plan)}
    used |= {f"reserve.{n}" for n, each in plan.volumes.items() if isinstance(each, Reserve)}
    if plan.ranks:
        used |= {"rank.paid_as", "rank.title", "rank.highest"}
        used |= {"rank.grace"} if plan.rank_rules.grace else set()
        used |= {"rank.held"} if plan.rank_rules.title == "window" else set()
        used |= {"rank.qualified"} if qualified_asked(plan) else set()
    return used
