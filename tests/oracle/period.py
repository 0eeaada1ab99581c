"""One period, from people and sales to standings, lines and the state that is left."""

from collections.abc import Iterable

from tests.oracle import caps, deductions
from tests.oracle.bonuses import (
    binary,
    differential,
    full_level,
    generation,
    infinity,
    matching,
    pool,
    retail,
    reward,
    structure,
    unilevel,
)
from tests.oracle.lines import Answer, Line, Met
from tests.oracle.plan import Bonus
from tests.oracle.returns import reversals
from tests.oracle.rounding import in_order, rounded_by_earner
from tests.oracle.run import Question, Run
from tests.oracle.standings import standings, work_out_ranks
from tests.oracle.state import Row
from tests.oracle.state_left import left


def work_out(question: Question) -> Answer:
    """Answer a question: first the standings, then bonus after bonus, caps, deductions, state."""
    run = Run(question)
    work_out_ranks(run)
    paid: list[Line] = []
    met: list[Met] = []
    rows: list[Row] = []
    for bonus in run.plan.bonuses:
        if bonus.cadence == run.period.cadence:
            paid += lines_of(run, bonus, paid, met, rows)
    paid = rounded_at_earner(run, paid)
    paid += caps.on_plan(run, paid)
    paid += list(deductions.lines(run, paid))
    return Answer(
        run=run,
        standings=standings(run),
        lines=in_order(run, paid),
        reversals=reversals(run),
        state=left(run, rows),
        met=met,
        as_worked_out=paid,
    )


def lines_of(
    run: Run, bonus: Bonus, paid: list[Line], met: list[Met], rows: list[Row]
) -> list[Line]:
    """Return a bonus's lines, rounded, and what its own cap takes off them."""
    lines = list(pays(run, bonus, paid, met, rows))
    if bonus.round_at == "bonus":
        lines = rounded_by_earner(run, lines)
    return [*lines, *caps.on_bonus(run, bonus, lines)]


def pays(
    run: Run, bonus: Bonus, paid: list[Line], met: list[Met], rows: list[Row]
) -> Iterable[Line]:
    """Return what a bonus pays; note whom its sales met, and the rows of state that it leaves."""
    if bonus.kind in ("unilevel", "fast-start"):
        return unilevel.lines(run, bonus, met)
    if bonus.kind == "generation":
        return generation.lines(run, bonus, met)
    if bonus.kind == "matching":
        return matching.lines(run, bonus, met, paid)
    with_state = {
        "binary": binary.work_out,
        "full-level": full_level.work_out,
        "reward": reward.work_out,
    }
    if bonus.kind in with_state:
        result = with_state[bonus.kind](run, bonus)
        rows += result.state
        return result.lines
    return {
        "retail": retail.lines,
        "personal": retail.lines,
        "differential": differential.lines,
        "infinity": infinity.lines,
        "structure": structure.lines,
        "pool": pool.lines,
    }[bonus.kind](run, bonus)


def rounded_at_earner(run: Run, paid: list[Line]) -> list[Line]:
    """Round once, for each earner, what all bonuses come to that say so."""
    names = {bonus.name for bonus in run.plan.bonuses if bonus.round_at == "earner"}
    together = rounded_by_earner(run, [line for line in paid if line.bonus in names])
    return [*(line for line in paid if line.bonus not in names), *together]
