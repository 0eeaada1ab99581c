"""Asks the lab what comes out of a case: in memory, on the same path as files, or on files."""

import csv
from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import TypeVar

from commissions.engine.digest import result_digest
from commissions.lab import LabRequest, run_lab
from commissions.lab import orders as sales_csv
from commissions.lab import people as members_csv
from commissions.lab import state as state_csv
from commissions.lab.mistakes import Notes
from commissions.lab.outcome import Given, Outcome, work_out
from commissions.lab.posted import PostedRun
from commissions.lab.profiles import held_against
from commissions.lab.request import clock_of
from commissions.lab.standings import standings_rows
from commissions.lab.tables import Table
from commissions.lab.write import EARNINGS, LINES, basis_of, earning_rows, line_rows
from commissions.plan import Plan, read_plan
from tests.oracle.cases import matches_shorter, plan_of
from tests.oracle.drawing.case import Bought, Case, Person, Stretch
from tests.oracle.drawing.draft import points_text
from tests.oracle.drawing.toml_text import plan_text

Thing = TypeVar("Thing")
Rows = list[dict[str, str]]
NOWHERE = Path("/nowhere")


def lab_outcomes(case: Case) -> Iterator[Outcome]:
    """Yield what the lab makes of each run, from tables in memory."""
    text = plan_text(dict(case.plan))
    plan = read_plan(text)
    left: dict[str, Rows] = {plan.cadence: state_rows(case.state)}
    before: list[tuple[Stretch, PostedRun]] = []
    member_names, sale_names = member_columns(plan), sale_columns(case, plan)
    people = [member_row(person, member_names) for person in case.people]
    sales = [sale_row(row, sale_names) for row in case.sales]
    for stretch in case.runs:
        notes = Notes()
        cadence = stretch.cadence or plan.cadence
        outcome = work_out(
            Given(
                text=text,
                plan=plan,
                clock=clock_of(request_of(case, stretch), plan),
                members=table("members.csv", member_names, people, notes),
                sales=table("sales.csv", sale_names, sales, notes),
                state=[
                    table("state.csv", state_csv.COLUMNS, left[read], notes)
                    for read in readable(case, stretch)
                    if left.get(read)
                ],
                prior=earlier(case, before, stretch),
                shorter=inside(case, before, stretch),
            ),
            notes,
        )
        yield outcome
        left[cadence] = state_rows(outcome.state)
        basis = basis_of(outcome, result_digest(outcome.result))
        before.append((stretch, PostedRun(f"run {stretch.period}", basis, plan, notes)))


def readable(case: Case, now: Stretch) -> list[str]:
    """Return the rhythms of which a run reads the state: the plan's own, and its own."""
    own: str = case.plan["cadence"]
    return list(dict.fromkeys([own, now.cadence or own]))


def request_of(case: Case, stretch: Stretch) -> LabRequest:
    return LabRequest(
        plan=NOWHERE,
        members=NOWHERE,
        sales=NOWHERE,
        period=stretch.period,
        out=NOWHERE,
        cadence=stretch.cadence,
        so_far_from=stretch.so_far_from,
        time_zone=case.time_zone,
    )


def earlier(case: Case, before: Sequence[tuple[Stretch, Thing]], now: Stretch) -> list[Thing]:
    """Return the runs before of the same rhythm."""
    own = case.plan["cadence"]
    return [run for stretch, run in before if (stretch.cadence or own) == (now.cadence or own)]


def inside(case: Case, before: Sequence[tuple[Stretch, Thing]], now: Stretch) -> list[Thing]:
    """Return the runs of a shorter rhythm that ended in this one, if a bonus matches any."""
    own = case.plan["cadence"]
    start, end = now.period.split("..")
    if not matches_shorter(plan_of(plan_text(dict(case.plan))), now.cadence or own):
        return []
    return [
        run
        for stretch, run in before
        if (now.cadence or own) == own
        and (stretch.cadence or own) != own
        and start < stretch.period.split("..")[1] <= end
    ]


def table(file: str, columns: Sequence[str], rows: Rows, notes: Notes) -> Table:
    """Return rows as the lab has them when a file is read."""
    cells = {name: [row[name] for row in rows] for name in columns}
    return Table(file, range(2, len(rows) + 2), cells, notes)


def member_columns(plan: Plan) -> list[str]:
    must, may = members_csv.columns_of(plan)
    return [*must, *may]


def sale_columns(case: Case, plan: Plan) -> list[str]:
    """Return the columns that sales.csv must have, and those that only the sales have."""
    sold = [column for row in case.sales for column in row.figures]
    return list(dict.fromkeys([*sales_csv.columns_of(plan), *sales_csv.OPTIONAL, *sold]))


def member_row(person: Person, columns: Sequence[str]) -> dict[str, str]:
    row = {
        "id": person.id,
        "sponsor": person.sponsor,
        "role": "customer" if person.is_customer else "distributor",
        "joined_at": person.joined,
        "enroller": person.enroller,
        "status": person.status,
        "market": person.market,
        "rank": person.rank,
        "holder": person.holder,
    }
    for tree, (parent, leg) in person.places.items():
        row |= {f"{tree}.parent": parent, f"{tree}.leg": leg}
    return {column: row.get(column, "") for column in columns}


def sale_row(row: Bought, columns: Sequence[str]) -> dict[str, str]:
    said = {
        "id": row.id,
        "member": row.member,
        "at": row.at,
        "purpose": row.purpose,
        "order": row.order,
        "returns": row.returns,
    }
    said |= {column: points_text(Fraction(figure)) for column, figure in row.figures.items()}
    return {column: said.get(column, "") for column in columns}


def state_rows(rows: Sequence[tuple[str, str, str]]) -> Rows:
    return [{"member": member, "key": key, "value": value} for member, key, value in rows]


def write_files(case: Case, folder: Path) -> None:
    """Write a case as the lab's files: plan.toml, members.csv, sales.csv and state.csv."""
    text = plan_text(dict(case.plan))
    plan = read_plan(text)
    (folder / "plan.toml").write_text(text, encoding="utf-8")
    members, sales = member_columns(plan), sale_columns(case, plan)
    write_table(folder / "members.csv", members, [member_row(one, members) for one in case.people])
    write_table(folder / "sales.csv", sales, [sale_row(row, sales) for row in case.sales])
    write_table(folder / "state.csv", state_csv.COLUMNS, state_rows(case.state))


def write_table(path: Path, columns: Sequence[str], rows: Rows) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)


def is_lawful(case: Case) -> bool:
    """Return whether the lab runs the plan on files, where it is held against the law."""
    return not held_against(plan_text(dict(case.plan)), "lab").refused


def lab_on_files(case: Case, folder: Path) -> Iterator[Outcome]:
    """Yield what the lab makes of each run, from files in a folder to files in folders in it."""
    write_files(case, folder)
    own = case.plan["cadence"]
    before: list[tuple[Stretch, Path]] = []
    state = {own: folder / "state.csv"}
    for number, stretch in enumerate(case.runs, 1):
        out = folder / f"out-{number}"
        outcome = run_lab(
            LabRequest(
                plan=folder / "plan.toml",
                members=folder / "members.csv",
                sales=folder / "sales.csv",
                period=stretch.period,
                out=out,
                state=tuple(state[read] for read in readable(case, stretch) if read in state),
                cadence=stretch.cadence,
                so_far_from=stretch.so_far_from,
                prior=tuple(earlier(case, before, stretch)),
                shorter=tuple(inside(case, before, stretch)),
                time_zone=case.time_zone,
            )
        )
        check_files(outcome, out)
        yield outcome
        before.append((stretch, out))
        state[stretch.cadence or own] = out / "state.csv"


def check_files(outcome: Outcome, folder: Path) -> None:
    """Stop if the files do not say what was worked out."""
    decimals = outcome.plan.exponent
    header, standings = standings_rows(outcome.result, outcome.people)
    tables: dict[str, Iterable[Sequence[object]]] = {
        "lines": [LINES, *line_rows(outcome.lines, decimals)],
        "earnings": [EARNINGS, *earning_rows(outcome.lines, decimals)],
        "standings": [header, *standings],
        "state": [state_csv.COLUMNS, *outcome.state],
    }
    for name, rows in tables.items():
        with (folder / f"{name}.csv").open(newline="", encoding="utf-8") as file:
            written = list(csv.reader(file))
        if written != [[str(cell) for cell in row] for row in rows]:
            raise AssertionError(f"{name}.csv says something else")
