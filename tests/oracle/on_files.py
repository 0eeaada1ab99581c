"""Answers what the lab is asked on its command line, in the lab's files.

Later runs name the folders of earlier ones; what the oracle answered there is remembered here.
"""

import argparse
import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from fractions import Fraction
from pathlib import Path
from zoneinfo import ZoneInfo

from tests.oracle.days import period_of
from tests.oracle.files import midnight, read_members, read_sales, read_state
from tests.oracle.lines import Answer, Line, earnings_of
from tests.oracle.period import work_out
from tests.oracle.phrases import plain
from tests.oracle.reading import read_plan
from tests.oracle.rounding import in_order
from tests.oracle.run import Question
from tests.oracle.standings import Standing

ANSWERS: dict[Path, Answer] = {}
"""What was answered, by the folder that it was written into."""


def run_on_files(arguments: Sequence[str]) -> None:
    """Do what `manage.py run_plan` does with these words; there is no summary.json."""
    said = command_line().parse_args(arguments)
    plan_text = said.plan.read_text(encoding="utf-8")
    answer = oracle_of_files(
        plan_text=plan_text,
        members=said.members,
        sales=said.sales,
        period=said.period,
        cadence=said.cadence,
        so_far_from=said.so_far_from,
        as_of=said.as_of,
        state=said.state,
        time_zone=said.time_zone,
        prior=[ANSWERS[path.resolve()] for path in said.prior],
        shorter=[ANSWERS[path.resolve()] for path in said.shorter],
    )
    said.out.mkdir(parents=True, exist_ok=True)
    write(answer, said.out)
    ANSWERS[said.out.resolve()] = answer


def command_line() -> argparse.ArgumentParser:
    words = argparse.ArgumentParser()
    words.add_argument("plan", type=Path)
    for one in ("--members", "--sales", "--out"):
        words.add_argument(one, type=Path, required=True)
    words.add_argument("--period", required=True)
    for text in ("--cadence", "--so-far-from", "--as-of", "--profile"):
        words.add_argument(text)
    words.add_argument("--time-zone", default="UTC")
    for many in ("--state", "--prior", "--shorter"):
        words.add_argument(many, type=Path, action="append", default=[])
    return words


def oracle_of_folder(folder: Path, period: str, **said: str | None) -> Answer:
    """Answer for a folder with plan.toml, members.csv, sales.csv and perhaps state.csv.

    `said` may have `cadence`, `so_far_from`, `as_of` and `time_zone`, as on the command line.
    """
    state = folder / "state.csv"
    return oracle_of_files(
        plan_text=(folder / "plan.toml").read_text(encoding="utf-8"),
        members=folder / "members.csv",
        sales=folder / "sales.csv",
        period=period,
        state=[state] if state.exists() else [],
        cadence=said.get("cadence"),
        so_far_from=said.get("so_far_from"),
        as_of=said.get("as_of"),
        time_zone=said.get("time_zone") or "UTC",
    )


def oracle_of_files(
    *,
    plan_text: str,
    members: Path,
    sales: Path,
    period: str,
    cadence: str | None = None,
    so_far_from: str | None = None,
    as_of: str | None = None,
    state: Sequence[Path] = (),
    time_zone: str = "UTC",
    prior: Sequence[Answer] = (),
    shorter: Sequence[Answer] = (),
) -> Answer:
    plan, zone = read_plan(plan_text), ZoneInfo(time_zone)
    stretch = period_of(period, cadence or plan.cadence)
    end = midnight(as_of, zone) if as_of else datetime.combine(stretch.end, time())
    network = read_members(members, plan, zone, end)
    return work_out(
        Question(
            plan=plan,
            network=network,
            sales=read_sales(sales, network, zone),
            period=stretch,
            state=read_state(state),
            so_far_from=date.fromisoformat(so_far_from) if so_far_from else None,
            prior=prior,
            shorter=shorter,
        )
    )


def write(answer: Answer, out: Path) -> None:
    """Write earnings.csv, lines.csv, standings.csv and state.csv, as the lab has them."""
    reverses = {id(each.line): each.reverses for each in answer.reversals}
    rows = {row.id: place for place, row in enumerate(answer.run.sales.rows)}
    back = sorted(answer.reversals, key=lambda each: rows[each.line.evidence])
    lines = in_order(answer.run, [*answer.lines, *(each.line for each in back)])
    write_table(
        out / "earnings.csv",
        ["member", "bonus", "level", "base", "rate", "amount"],
        (
            [
                earner,
                bonus,
                level,
                base_of(answer, bonus, base),
                rate_of(rate),
                money(answer, amount),
            ]
            for (earner, bonus, level, rate), (base, amount) in earnings_of(lines).items()
        ),
    )
    write_table(
        out / "lines.csv",
        ["member", "bonus", "level", "evidence", "base", "rate", "amount", "reverses"],
        ([*row_of_line(answer, line), reverses.get(id(line), "")] for line in lines),
    )
    first = next(iter(answer.standings.values()), None)
    columns = [*first.volumes, *first.counts] if first else []
    write_table(
        out / "standings.csv",
        ["member", *columns, "active", "rank", "paid_as", "title"],
        ([id, *row_of_standing(standing)] for id, standing in answer.standings.items()),
    )
    write_table(
        out / "state.csv",
        ["member", "key", "value"],
        (
            [member, key, plain(value) if isinstance(value, Fraction) else value]
            for member, key, value in answer.state
        ),
    )


def write_table(path: Path, header: list[str], rows: Iterable[list[object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([header, *rows])


def row_of_line(answer: Answer, line: Line) -> Iterator[object]:
    yield from (line.earner, line.bonus, line.level, line.evidence)
    yield base_of(answer, line.bonus, line.base)
    yield from (rate_of(line.rate), money(answer, line.amount))


def row_of_standing(standing: Standing) -> Iterator[object]:
    yield from map(plain, [*standing.volumes.values(), *standing.counts.values()])
    yield "yes" if standing.is_active else "no"
    yield from (standing.qualified_as or "", standing.paid_as or "", standing.title or "")


def base_of(answer: Answer, bonus: str, base: Fraction) -> str:
    """Return a base in points; of matching, in money."""
    kinds = {each.name: each.kind for each in answer.run.plan.bonuses}
    return money(answer, int(base)) if kinds.get(bonus) == "matching" else plain(base)


def money(answer: Answer, amount: int) -> str:
    """Return an amount in units of the currency, with its decimals."""
    decimals = answer.run.plan.decimals
    whole, rest = divmod(abs(amount), 10**decimals)
    sign = "-" if amount < 0 else ""
    return f"{sign}{whole}.{rest:0{decimals}}" if decimals else f"{sign}{whole}"


def rate_of(rate: Fraction) -> str:
    """Return a rate as a plan writes it.

    >>> rate_of(Fraction(33333, 1_000_000))
    '3.3333%'
    """
    millionths = rate * 1_000_000
    whole, rest = divmod(int(millionths), 10_000)
    return f"{whole}.{rest:04}".rstrip("0").rstrip(".") + "%"
