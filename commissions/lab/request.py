"""What a run of the lab is asked: files, period, and where the results go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from commissions.engine import Plan
from commissions.lab.cells import moment
from commissions.lab.mistakes import LabError
from commissions.lab.rhythms import Clock, Stretch, longer_start
from commissions.plan.mistakes import closest, one_of


@dataclass(frozen=True, slots=True)
class LabRequest:
    """What to run: files, period (`START..END`, half-open), and where the results go."""

    plan: Path
    members: Path
    sales: Path
    period: str
    out: Path
    state: tuple[Path, ...] = ()
    as_of: str | None = None
    prior: tuple[Path, ...] = ()
    shorter: tuple[Path, ...] = ()
    cadence: str | None = None
    so_far_from: str | None = None
    time_zone: str = "UTC"
    profile: str = "lab"
    explain: tuple[str, ...] = ()
    """Sales of which is told why they paid whom."""
    missed: tuple[str, ...] = ()
    """Members of whom is told what reached them and was not paid."""


def clock_of(request: LabRequest, plan: Plan) -> Clock:
    """Return when the run is; `LabError` has everything that is wrong with it."""
    wrong: list[str] = []
    zone = _zone(request.time_zone, wrong)
    start, _, end = request.period.partition("..")
    told = {
        "--period": [start, end],
        "--as-of": [request.as_of] if request.as_of else [],
        "--so-far-from": [request.so_far_from] if request.so_far_from else [],
    }
    found: dict[str, list[datetime]] = {option: [] for option in told}
    for option, texts in told.items():
        for text in texts:
            try:
                found[option].append(moment(text, zone))
            except ValueError as error:
                wrong.append(f"{option}: {error}")
    cadence = _cadence(request, plan, wrong)
    if wrong:
        raise LabError(dict.fromkeys(wrong))
    period = Stretch(*found["--period"])
    if period.start >= period.end:
        raise LabError(["--period: START..END, and START comes first"])
    return Clock(
        zone=zone,
        period=period,
        counted=_counted(period, plan, cadence, found["--so-far-from"], zone),
        as_of=found["--as-of"][0] if found["--as-of"] else period.end,
        own_cadence=plan.cadence,
        cadence=cadence,
    )


def _zone(name: str, wrong: list[str]) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        wrong.append(f'--time-zone: there is no time zone "{name}"')
        return ZoneInfo("UTC")


def _cadence(request: LabRequest, plan: Plan, wrong: list[str]) -> str:
    """Return the shorter rhythm that is run; nothing for the plan's own."""
    asked = request.cadence or plan.cadence
    if asked == plan.cadence:
        if request.so_far_from:
            wrong.append("--so-far-from: only a run of a shorter rhythm has a longer period")
        return ""
    shorter = sorted({rule.cadence for rule in plan.bonuses if rule.cadence})
    if asked not in shorter:
        near = closest(asked, [plan.cadence, *shorter])
        hint = f' Did you mean "{near}"?' if near else ""
        known = one_of([plan.cadence, *shorter])
        wrong.append(f'--cadence: the plan has no bonus that is "{asked}", only {known}.{hint}')
    return asked


def _counted(
    period: Stretch, plan: Plan, cadence: str, given: list[datetime], zone: ZoneInfo
) -> Stretch:
    """Return the stretch that volumes are of: in a shorter rhythm the longer period so far."""
    if not cadence:
        return period
    if given:
        start = given[0]
        if start.date() > period.last_day:
            raise LabError(["--so-far-from: the longer period begins before the shorter one ends"])
        return Stretch(start, period.end)
    first = longer_start(period.last_day, plan.cadence)
    if first is None:
        raise LabError(
            [f"--so-far-from: name the first day of the {plan.cadence} period that the run is in"]
        )
    return Stretch(midnight(first, zone), period.end)


def midnight(day: date, zone: ZoneInfo) -> datetime:
    """Return the moment a day begins in a time zone."""
    return datetime.combine(day, time(), zone)
