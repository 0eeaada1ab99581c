"""Several periods one after another, for what an example in notation cannot say."""

from collections.abc import Iterator, Sequence
from typing import Any

from tests.oracle.days import period_of
from tests.oracle.lines import Answer, Line
from tests.oracle.notation import read_example
from tests.oracle.on_files import money, rate_of
from tests.oracle.period import work_out
from tests.oracle.phrases import plain
from tests.oracle.reading import read_plan
from tests.oracle.run import Question

MONTHS = ("2026-01-01..2026-02-01", "2026-02-01..2026-03-01", "2026-03-01..2026-04-01")


def run_months(plan_text: str, network: str, sales: str, months: int = 2) -> list[Answer]:
    """Work out January and the months after it, each with those before as prior runs."""
    answers: list[Answer] = []
    for period in MONTHS[:months]:
        answers.append(run_one(plan_text, network, sales, period, prior=list(answers)))
    return answers


def run_one(
    plan_text: str,
    network: str,
    sales: str,
    period: str,
    cadence: str | None = None,
    prior: Sequence[Answer] = (),
    shorter: Sequence[Answer] = (),
) -> Answer:
    """Work out one period, from what the last prior run left; people and sales are in notation."""
    plan = read_plan(plan_text)
    table: dict[str, Any] = {"name": "", "network": network, "sales": sales, "pays": ""}
    asked = read_example(plan, table).question
    return work_out(
        Question(
            plan=plan,
            network=asked.network,
            sales=asked.sales,
            period=period_of(period, cadence or plan.cadence),
            state=prior[-1].state if prior else (),
            prior=prior,
            shorter=shorter,
        )
    )


def told(answer: Answer) -> list[str]:
    """Return what a run pays, line by line: `bob <- s1 Team level 1 10%: 5.00`."""
    return [tell(answer, line) for line in answer.lines]


def told_reversals(answer: Answer) -> list[str]:
    """Return what a run takes back: `bob <- r1 Team level 1 10%: -5.00 of s1 (-50)`.

    The base stands in brackets.
    """
    return [
        f"{tell(answer, each.line)} of {each.reverses} ({base_of(answer, each.line)})"
        for each in answer.reversals
    ]


def tell(answer: Answer, line: Line) -> str:
    rate = f" {rate_of(line.rate)}" if line.rate else ""
    amount = money(answer, line.amount)
    return f"{line.earner} <- {line.evidence} {line.bonus} level {line.level}{rate}: {amount}"


def base_of(answer: Answer, line: Line) -> str:
    matching = [bonus.name for bonus in answer.run.plan.bonuses if bonus.kind == "matching"]
    return money(answer, int(line.base)) if line.bonus in matching else plain(line.base)


def what_everybody_keeps(answers: Sequence[Answer]) -> dict[tuple[str, str], int]:
    """Return what lines and reversals of several runs come to, by earner and bonus."""
    sums: dict[tuple[str, str], int] = {}
    for line in all_lines(answers):
        key = line.earner, line.bonus
        sums[key] = sums.get(key, 0) + line.amount
    return sums


def all_lines(answers: Sequence[Answer]) -> Iterator[Line]:
    for answer in answers:
        yield from answer.lines
        yield from (each.line for each in answer.reversals)
