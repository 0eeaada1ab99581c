"""Writes a case down as one file, with what the oracle says of it, and reads it again.

A file is a folder of the lab in texts: the plan, members.csv, sales.csv and state.csv; and for
each run what must come out, a line for each figure.
"""

import csv
import io
import tomllib
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from tests.oracle.cases import oracle_answers
from tests.oracle.comparing import oracle_lines, oracle_standings, shown
from tests.oracle.drawing.case import Bought, Case, Person, Stretch
from tests.oracle.drawing.draft import points_text
from tests.oracle.drawing.toml_text import plan_text, value
from tests.oracle.lines import Answer

FOUND = Path(__file__).parent / "found"
PERSON = ("id", "sponsor", "role", "joined_at", "enroller", "status", "market", "rank", "holder")
SALE = ("id", "member", "at", "purpose", "order", "returns")


def text_of(case: Case, why: str) -> str:
    """Return the file of a case; `why` is what was wrong when it was found."""
    answers = list(oracle_answers(case))
    blocks = [
        f"why = {value(why)}",
        f"time_zone = {value(case.time_zone)}",
        block("plan", plan_text(dict(case.plan)).splitlines()),
        block("members", rows_text(person_row(person) for person in case.people)),
        block("sales", rows_text(sale_row(row) for row in case.sales)),
        block("state", [",".join(row) for row in case.state]),
    ]
    for stretch, answer in answers:
        said = {"period": stretch.period, "cadence": stretch.cadence}
        said |= {"so_far_from": stretch.so_far_from}
        blocks.append("[[run]]")
        blocks += [f"{key} = {value(text)}" for key, text in said.items() if text]
        blocks.append(block("says", told(answer)))
    return "\n".join(blocks) + "\n"


def block(key: str, lines: Sequence[str]) -> str:
    return "\n".join([f"{key} = '''", *lines, "'''"])


def told(answer: Answer) -> list[str]:
    """Return everything that the oracle says of a run, a line for each thing."""
    return [
        *(f"line {shown(line)}".rstrip() for line in oracle_lines(answer)),
        *(f"{shown(key)}: {figure}" for key, figure in oracle_standings(answer).items()),
        *(f"state {shown(row)}" for row in answer.state),
    ]


def rows_text(rows: Iterator[dict[str, str]]) -> list[str]:
    """Return rows as CSV with a header, without columns in which nothing stands."""
    known = list(rows)
    names = [name for row in known for name, cell in row.items() if cell]
    file = io.StringIO()
    writer = csv.DictWriter(
        file, list(dict.fromkeys(names)), extrasaction="ignore", lineterminator="\n"
    )
    writer.writeheader()
    writer.writerows(known)
    return file.getvalue().splitlines()


def person_row(person: Person) -> dict[str, str]:
    cells = (
        *(person.id, person.sponsor, "customer" if person.is_customer else "", person.joined),
        *(person.enroller, person.status, person.market, person.rank, person.holder),
    )
    row = dict(zip(PERSON, cells, strict=True))
    for tree, (parent, leg) in person.places.items():
        row |= {f"{tree}.parent": parent, f"{tree}.leg": leg}
    return row


def sale_row(row: Bought) -> dict[str, str]:
    cells = (row.id, row.member, row.at, row.purpose, row.order, row.returns)
    figures = {column: points_text(figure) for column, figure in row.figures.items()}
    return dict(zip(SALE, cells, strict=True)) | figures


def read_case(text: str) -> tuple[Case, list[list[str]]]:
    """Return the case of a file, and what must come out of each run."""
    said: dict[str, Any] = tomllib.loads(text)
    case = Case(
        plan=tomllib.loads(said["plan"]),
        people=[read_person(row) for row in rows_of(said["members"])],
        sales=[read_sale(row) for row in rows_of(said["sales"])],
        runs=[
            Stretch(run["period"], run.get("cadence"), run.get("so_far_from"))
            for run in said["run"]
        ],
        state=[read_state(line) for line in said["state"].splitlines()],
        time_zone=said["time_zone"],
    )
    return case, [run["says"].splitlines() for run in said["run"]]


def rows_of(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text)))


def read_person(row: dict[str, str]) -> Person:
    trees = [name.removesuffix(".parent") for name in row if name.endswith(".parent")]
    return Person(
        id=row["id"],
        sponsor=row.get("sponsor", ""),
        is_customer=row.get("role", "") == "customer",
        joined=row["joined_at"],
        enroller=row.get("enroller", ""),
        status=row.get("status", ""),
        market=row.get("market", ""),
        rank=row.get("rank", ""),
        holder=row.get("holder", ""),
        places={
            tree: (row[f"{tree}.parent"], row.get(f"{tree}.leg", ""))
            for tree in trees
            if row[f"{tree}.parent"]
        },
    )


def read_sale(row: dict[str, str]) -> Bought:
    return Bought(
        id=row["id"],
        member=row["member"],
        at=row["at"],
        figures={name: Fraction(cell) for name, cell in row.items() if name not in SALE and cell},
        purpose=row.get("purpose", ""),
        order=row.get("order", ""),
        returns=row.get("returns", ""),
    )


def read_state(line: str) -> tuple[str, str, str]:
    member, rest = line.split(",", 1)
    key, figure = rest.rsplit(",", 1)
    return member, key, figure
