"""Asks the lab what comes out of a case: in memory, on the same path as files, or on files."""

import csv
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from pathlib import Path

from commissions.engine.digest import result_digest
from commissions.lab import LabRequest, run_lab
from commissions.lab import orders as sales_csv
from commissions.lab import people as members_csv
from commissions.lab.mistakes import Notes
from commissions.lab.outcome import Given, Outcome, work_out
from commissions.lab.posted import PostedRun
from commissions.lab.request import clock_of
from commissions.lab.tables import Table
from commissions.lab.write import basis_of
from commissions.plan import Plan, read_plan
from tests.oracle.drawing.case import Bought, Case, Person, Stretch
from tests.oracle.drawing.draft import points_text
from tests.oracle.drawing.toml_text import plan_text

Rows = list[dict[str, str]]
NOWHERE = Path("/nowhere")


def lab_outcomes(case: Case) -> Iterator[tuple[Stretch, Outcome]]:
    """Yield what the lab makes of each run, from tables in memory."""
    text = plan_text(dict(case.plan))
    plan = read_plan(text)
    left: dict[str, Rows] = {plan.cadence: state_rows(case.state)}
    before: list[tuple[Stretch, PostedRun]] = []
    people, sales = member_rows(case, plan), sale_rows(case, plan)
    for stretch in case.runs:
        notes = Notes()
        cadence = stretch.cadence or plan.cadence
        outcome = work_out(
            Given(
                text=text,
                plan=plan,
                clock=clock_of(request_of(case, stretch), plan),
                members=table("members.csv", people, notes),
                sales=table("sales.csv", sales, notes),
                state=[table("state.csv", rows, notes) for rows in left.values() if rows],
                prior=earlier(before, plan, cadence),
                shorter=inside(before, plan, stretch),
            ),
            notes,
        )
        yield stretch, outcome
        left[cadence] = state_rows(outcome.state)
        basis = basis_of(outcome, result_digest(outcome.result))
        before.append((stretch, PostedRun(f"run {stretch.period}", basis, plan, notes)))


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


def earlier(
    before: Sequence[tuple[Stretch, PostedRun]], plan: Plan, cadence: str
) -> list[PostedRun]:
    return [run for stretch, run in before if (stretch.cadence or plan.cadence) == cadence]


def inside(
    before: Sequence[tuple[Stretch, PostedRun]], plan: Plan, now: Stretch
) -> list[PostedRun]:
    """Return the runs of a shorter rhythm whose last day lies in a period of the plan's own."""
    start, end = now.period.split("..")
    return [
        run
        for stretch, run in before
        if now.cadence in (None, plan.cadence)
        and stretch.cadence not in (None, plan.cadence)
        and start < stretch.period.split("..")[1] <= end
    ]


def table(file: str, rows: Rows, notes: Notes) -> Table:
    """Return rows as the lab has them when a file is read."""
    columns = list(rows[0]) if rows else []
    return Table(
        file, range(2, len(rows) + 2), {name: [row[name] for row in rows] for name in columns}, notes
    )


def member_rows(case: Case, plan: Plan) -> Rows:
    """Return members.csv with every column that somebody needs."""
    must, may = members_csv.columns_of(plan)
    return [member_row(person, [*must, *may]) for person in case.people]


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


def sale_rows(case: Case, plan: Plan) -> Rows:
    """Return sales.csv with the plan's columns, and those that only the sales have."""
    sold = [column for row in case.sales for column in row.figures]
    figures = list(dict.fromkeys([*sales_csv.columns_of(plan), *sold]))
    names = dict.fromkeys([*sales_csv.NEEDED, *sales_csv.OPTIONAL, *figures])
    return [sale_row(row, list(names)) for row in case.sales]


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
    write_table(folder / "members.csv", member_rows(case, plan))
    write_table(folder / "sales.csv", sale_rows(case, plan))
    write_table(folder / "state.csv", state_rows(case.state))


def write_table(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        if rows:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)


def lab_folders(case: Case, folder: Path) -> Iterator[tuple[Stretch, Path, Outcome]]:
    """Yield the folder that the lab writes for each run, from files to files."""
    write_files(case, folder)
    own = case.plan["cadence"]
    before: list[tuple[Stretch, Path]] = []
    state = {own: folder / "state.csv"} if case.state else {}
    for number, stretch in enumerate(case.runs, 1):
        cadence = stretch.cadence or own
        out = folder / f"out-{number}"
        start, end = stretch.period.split("..")
        request = LabRequest(
            plan=folder / "plan.toml",
            members=folder / "members.csv",
            sales=folder / "sales.csv",
            period=stretch.period,
            out=out,
            state=tuple(state.values()),
            cadence=stretch.cadence,
            so_far_from=stretch.so_far_from,
            prior=tuple(path for each, path in before if (each.cadence or own) == cadence),
            shorter=tuple(
                path
                for each, path in before
                if cadence == own
                and (each.cadence or own) != own
                and start < each.period.split("..")[1] <= end
            ),
            time_zone=case.time_zone,
        )
        outcome = run_lab(request)
        yield stretch, out, outcome
        before.append((stretch, out))
        state[cadence] = out / "state.csv"
