"""What else mattered: the keys of the plan besides bonuses and phrases, people, sales, state."""

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import Any

from commissions.plan.models import PlanTable, RanksTable, TreeTable
from tests.oracle.covering.bonuses import words_of
from tests.oracle.drawing.case import Case
from tests.oracle.lines import Answer
from tests.oracle.people import STATUSES

Cell = tuple[str, str, str]
WORDS = ("cadence", "rounding", "late_returns")
MARKETS = [
    *("leave_out", "active.require", "rank.require", "rank.maintain", "requires", "rates"),
    *("own_group", "tiers", "pays", "cap.per_earner of a bonus", "cap.per_earner"),
]
STATE = [
    *("lifetime", "past", "reserve", "rank.paid_as", "rank.title", "rank.highest", "rank.grace"),
    *("rank.held", "rank.qualified", "left", "right", "left below zero", "right below zero"),
    *("cycles", "level", "rank of a bonus"),
]
PEOPLE = [
    *STATUSES,
    *("below a customer", "rank by hand", "enroller apart", "held together", "no place"),
    *("joins later", "placed elsewhere than sponsored"),
]
SALES = [
    *("a distributor's customer order", "no sale", "returned inside", "returned late"),
    *("returned in parts", "returned wholly", "several lines", "stock", "nobody's", "before"),
    *("another zone", "a threshold exactly", "a hundredth less"),
]
LIMITS = ["per_earner", "per_holder", "payout of a volume", "payout money", "inside"]


def all_of_the_rest() -> Iterator[Cell]:
    for key in WORDS:
        for word in words_of(PlanTable.model_fields[key].annotation) or ():
            yield "plan", key, word
    yield from (("plan", "decimals", each) for each in ("0", "2", "3"))
    yield from (("plan", "point_value", each) for each in ("1.00", "another"))
    for key in ("kind", "fill"):
        for word in words_of(TreeTable.model_fields[key].annotation):
            yield "tree", key, word
    yield from (("tree", "of", each) for each in ("sponsor", "enroller", "another"))
    yield from (("tree", "first", each) for each in ("1", "2"))
    for key in ("paid_as", "title", "falls"):
        for word in words_of(RanksTable.model_fields[key].annotation):
            yield "ranks", key, word
    yield from (("ranks", "grace", each) for each in ("0", "1", "2"))
    yield from (("ranks", "maintain", each) for each in ("said",))
    yield from (("cap", each, "said") for each in LIMITS)
    yield "deduction", "rate", "said"
    yield from (("market", each, "said") for each in MARKETS)
    yield from (("state", each, "read") for each in STATE)
    yield from (("people", each, "there") for each in PEOPLE)
    yield from (("sales", each, "there") for each in SALES)


def hit_of_the_rest(case: Case, answers: Sequence[Answer]) -> Iterator[Cell]:
    paid = [line for answer in answers for line in answer.lines if line.amount != 0]
    yield from of_state(answers)
    if not paid:
        return
    yield from of_the_top(case)
    yield from of_trees(case, answers)
    yield from of_ranks(case, answers)
    yield from of_limits(case, {line.bonus for line in paid})
    yield from of_markets(case, answers)
    yield from of_people(case, answers)
    yield from of_sales(case, answers)


def of_the_top(case: Case) -> Iterator[Cell]:
    plan = case.plan
    defaults = {name: field.default for name, field in PlanTable.model_fields.items()}
    for key in WORDS:
        yield "plan", key, plan.get(key, defaults[key])
    decimals = {"JPY": "0", "KWD": "3"}.get(plan["currency"], "2")
    yield "plan", "decimals", decimals
    is_one = plan.get("point_value", "1.00") == "1.00"
    yield "plan", "point_value", "1.00" if is_one else "another"


def of_trees(case: Case, answers: Sequence[Answer]) -> Iterator[Cell]:
    """Yield the trees in which somebody stands below somebody."""
    for name, said in case.plan.get("tree", {}).items():
        if not any(answer.run.trees[name].children for answer in answers):
            continue
        yield "tree", "kind", said["kind"]
        if said["kind"] in ("binary", "matrix"):
            yield "tree", "fill", said.get("fill", "given")
        if said["kind"] == "pass-up":
            of = said.get("of", "sponsor")
            yield "tree", "of", of if of in ("sponsor", "enroller") else "another"
            yield "tree", "first", str(said["first"])


def of_ranks(case: Case, answers: Sequence[Answer]) -> Iterator[Cell]:
    """Yield how ranks are kept, where somebody holds what is kept that way."""
    standings = [each for answer in answers for each in answer.run.ranks.values()]
    if not any(each.qualified or each.title for each in standings):
        return
    said = case.plan.get("ranks", {})
    yield "ranks", "paid_as", said.get("paid_as", "qualified")
    yield "ranks", "title", said.get("title", "highest")
    if "falls" in said:
        yield "ranks", "falls", said["falls"]
    if any(each.grace for each in standings) or not said.get("grace"):
        yield "ranks", "grace", str(said.get("grace", 0))
    maintained = any("maintain" in rank for rank in case.plan.get("rank", []))
    rows = [key for answer in answers for _, key, _ in answer.run.state.rows]
    if maintained and "rank.paid_as" in rows:
        yield "ranks", "maintain", "said"


def of_limits(case: Case, paid: set[str]) -> Iterator[Cell]:
    said = case.plan.get("cap", {})
    if "Payout cap" in paid:
        yield from (
            ("cap", key, "said") for key in ("per_earner", "per_holder", "inside") if key in said
        )
        if "payout" in said:
            is_share = "%" in said["payout"]
            yield "cap", "payout of a volume" if is_share else "payout money", "said"
    if paid & {each["name"] for each in case.plan.get("deduction", [])}:
        yield "deduction", "rate", "said"


def of_markets(case: Case, answers: Sequence[Answer]) -> Iterator[Cell]:
    """Yield what a market says, where a distributor of it is there and concerned."""
    members = [(answer, id) for answer in answers for id in answer.run.members]
    for code, said in case.plan.get("market", {}).items():
        here = {id for answer, id in members if answer.run.member(id).market == code}
        if here:
            paid = {
                line.bonus
                for answer in answers
                for line in answer.lines
                if line.amount and line.earner in here
            }
            yield from (("market", key, "said") for key in of_market(said, paid))


def of_market(said: Mapping[str, Any], paid: set[str]) -> Iterator[str]:
    yield from ["leave_out"] * ("leave_out" in said) + ["active.require"] * ("active" in said)
    for rank in said.get("rank", {}).values():
        yield from (f"rank.{key}" for key in rank)
    for name, bonus in said.get("bonus", {}).items():
        yield from (key for key in bonus if key != "cap" and name in paid)
        if f"Cap on {name}" in paid and "cap" in bonus:
            yield "cap.per_earner of a bonus"
    if "cap" in said and "Payout cap" in paid:
        yield "cap.per_earner"


def of_state(answers: Sequence[Answer]) -> Iterator[Cell]:
    for answer in answers:
        for member, key, value in answer.run.state.rows:
            if member in answer.run.members:
                yield (
                    "state",
                    kind_of_key(key, below=not isinstance(value, str) and value < 0),
                    "read",
                )


def kind_of_key(key: str, *, below: bool) -> str:
    """Return what a key of the state is about."""
    name = key.split("@")[0]
    if name.startswith("rank."):
        return name
    for word in ("lifetime", "past", "reserve"):
        if name.startswith(f"{word}."):
            return word
    last = name.rsplit(".", 1)[1]
    return "rank of a bonus" if last == "rank" else last + " below zero" * below


def of_people(case: Case, answers: Sequence[Answer]) -> Iterator[Cell]:
    customers = {person.id for person in case.people if person.is_customer}
    holders = [person.holder for person in case.people if person.holder and not person.is_customer]
    trees = [name for name, said in case.plan.get("tree", {}).items() if said["kind"] != "pass-up"]
    first = answers[0].run.network
    for person in case.people:
        found = {
            person.status or "active": True,
            "below a customer": person.sponsor in customers,
            "rank by hand": bool(person.rank),
            "enroller apart": bool(person.enroller) and person.enroller != person.sponsor,
            "held together": holders.count(person.holder) > 1,
            "no place": any(tree not in person.places for tree in trees) and not person.is_customer,
            "joins later": person.id not in first,
            "placed elsewhere than sponsored": any(
                at[0] not in (person.sponsor, person.id) for at in person.places.values()
            ),
        }
        yield from (("people", what, "there") for what, is_so in found.items() if is_so)


def of_sales(case: Case, answers: Sequence[Answer]) -> Iterator[Cell]:
    distributors = {person.id for person in case.people if not person.is_customer}
    thresholds = set(numbers_in(case))
    returned = [row.returns for row in case.sales if row.returns]
    orders = [row.order for row in case.sales if row.order]
    first_day = case.runs[0].period[:10]
    sold = {each.id: each for answer in answers for each in answer.run.paying}
    for row in case.sales:
        points = {str(figure * 100) for figure in row.figures.values()}
        found = {
            "a distributor's customer order": row.purpose == "customer_order"
            and row.member in distributors,
            "no sale": row.purpose in ("kit", "sales_aid", "fee"),
            "stock": row.purpose == "stock",
            "returned in parts": returned.count(row.id) > 1,
            "returned wholly": row.id in returned and is_all_gone(case, row.id),
            "several lines": orders.count(row.order) > 1,
            "before": row.at[:10] < first_day,
            "another zone": "+" in row.at and case.time_zone != "UTC",
            "nobody's": row.id in sold and sold[row.id].owner is None,
            "a threshold exactly": bool(points & thresholds),
            "a hundredth less": bool(
                {str(figure * 100 + 1) for figure in row.figures.values()} & thresholds
            ),
        }
        yield from (("sales", what, "there") for what, is_so in found.items() if is_so)
    late = {each.back.id for answer in answers for each in answer.run.late}
    if late:
        yield "sales", "returned late", "there"
    if any(row.returns and row.id not in late for row in case.sales):
        yield "sales", "returned inside", "there"


def is_all_gone(case: Case, sale: str) -> bool:
    rows = [row for row in case.sales if sale in (row.id, row.returns)]
    return sum(row.figures.get("pv", 0) for row in rows) == 0


def numbers_in(case: Case) -> Iterator[str]:
    """Yield the points that the plan asks for anywhere, in hundredths."""
    for number in re.findall(r"(?<![\w.])(\d+(?:\.\d+)?)(?![\w.%])", str(case.plan)):
        yield str(Fraction(number) * 100)
