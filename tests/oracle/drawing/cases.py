"""Draws a whole case: the plan, then whom and what it is tried on, period after period."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from tests.oracle.days import start_after, start_of_longer
from tests.oracle.drawing.carried import draw_state
from tests.oracle.drawing.case import Bought, Case, Stretch
from tests.oracle.drawing.dice import Dice
from tests.oracle.drawing.draft import Draft
from tests.oracle.drawing.people import draw_people
from tests.oracle.drawing.plans import draw_plan
from tests.oracle.drawing.selling import Shop

STARTS = ("2026-01-01", "2026-01-01", "2026-02-01", "2025-12-01", "2024-02-01", "2026-10-01")
MONDAYS = ("2026-01-05", "2026-01-05", "2026-02-02", "2024-02-26")
ZONES = ("UTC", "UTC", "UTC", "UTC", "America/New_York", "Asia/Tokyo", "Europe/Berlin")


def case_of(seed: int) -> Case:
    """Return the case of a number."""
    return draw_case(Dice(seed))


def draw_case(dice: Dice) -> Case:
    draft = draw_plan(dice)
    periods = draw_periods(draft)
    first, last_end = periods[0][0], periods[-1][1]
    people = draw_people(draft, first, periods[0][1], last_end)
    shop = Shop(draft, people, first)
    if dice.one_in(2):
        shop.open(first - timedelta(days=dice.whole(1, 70)), first)
    for start, end in periods:
        shop.open(start, end)
    zone = dice.one_of(ZONES)
    runs = draw_runs(draft, periods)
    rows = without_unknown(shop.rows, [run for run in runs if run.cadence])
    return Case(
        plan=draft.plan,
        people=people,
        sales=in_some_order(dice, [in_zone(dice, row, zone) for row in rows]),
        runs=runs,
        state=draw_state(draft, people, first) if dice.one_in(2) else [],
        time_zone=zone,
    )


def draw_periods(draft: Draft) -> list[tuple[date, date]]:
    """Draw one to three periods of the plan's rhythm, one after another."""
    dice, cadence = draft.dice, draft.plan["cadence"]
    start = first_day(dice, cadence)
    periods = []
    for _ in range(dice.one_of([1, 2, 2, 2, 3])):
        periods.append((start, start_after(start, cadence)))
        start = periods[-1][1]
    return periods


def first_day(dice: Dice, cadence: str) -> date:
    if cadence in ("weekly", "four-weekly"):
        return date.fromisoformat(dice.one_of(MONDAYS))
    return start_of_longer(cadence, date.fromisoformat(dice.one_of(STARTS)))


def draw_runs(draft: Draft, periods: list[tuple[date, date]]) -> list[Stretch]:
    """Return a run for each period, after one or two of the shorter rhythm that end in it."""
    runs = []
    for start, end in periods:
        if draft.short_cadence in [bonus.get("cadence", "") for bonus in draft.plan["bonus"]]:
            runs += short_runs(draft, start, end)
        runs.append(Stretch(f"{start}..{end}"))
    return runs


def short_runs(draft: Draft, start: date, end: date) -> list[Stretch]:
    """Return runs of the shorter rhythm: the first ones of which the last day is in the period."""
    cadence = draft.short_cadence or ""
    begins = start_of_longer(cadence, start)
    stretches: list[tuple[date, date]] = []
    while len(stretches) < draft.dice.whole(1, 2):
        ends = start_after(begins, cadence)
        if ends > end:
            break
        if ends > start:
            stretches.append((begins, ends))
        begins = ends
    return [Stretch(f"{first}..{after}", cadence, str(start)) for first, after in stretches]


def without_unknown(rows: list[Bought], short: list[Stretch]) -> list[Bought]:
    """Leave out what comes back in a run of the shorter rhythm of a sale that none before paid."""
    periods = [run.period.split("..") for run in short]
    day_of = {row.id: row.at[:10] for row in rows}

    def is_unknown(row: Bought) -> bool:
        sold, back = day_of.get(row.returns, ""), row.at[:10]
        return any(start <= back < end for start, end in periods) and not any(
            start <= sold < end for start, end in periods if start <= back
        )

    return [row for row in rows if not row.returns or not is_unknown(row)]


def in_zone(dice: Dice, row: Bought, zone: str) -> Bought:
    """Return a row whose moment may be written in another zone than the company's."""
    if zone == "UTC" or "T" not in row.at or dice.one_in(2):
        return row
    local = datetime.fromisoformat(row.at).replace(tzinfo=ZoneInfo(zone))
    return replace(row, at=local.astimezone(ZoneInfo("UTC")).isoformat())


def in_some_order(dice: Dice, rows: list[Bought]) -> list[Bought]:
    return dice.shuffled(rows) if dice.one_in(3) else rows
