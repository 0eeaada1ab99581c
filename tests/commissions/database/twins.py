"""One company twice: in the database, and in files that the lab runs. Both must say the same."""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

from django.utils import timezone

from commissions.lab.figures import per_cent, points
from commissions.lab.request import LabRequest
from commissions.lab.run import run_lab
from commissions.models import Earning, Period, Run, Standing
from commissions.rhythms import cadence_of, rhythm_of, shorter_periods
from commissions.selectors import ranks, standings
from commissions.services.closing import close_period
from commissions.services.plans import compiled, plan_for
from commissions.services.verifying import differences
from distributors.models import Holding, Member
from distributors.selectors import versions_at
from mlm.currencies import to_decimal
from orders.models import Purpose, SaleLine

_PURPOSES = {
    Purpose.CUSTOMER: "customer_order",
    Purpose.PERSONAL: "personal_use",
    Purpose.RESALE: "stock",
}
_MOMENT = timedelta(microseconds=1)
Places = dict[str, dict[int, tuple[int, int]]]
"""By tree and member: parent (0: a top) and leg."""


@dataclass
class Twins:
    """Closes periods in the database, runs the same in the lab, and compares."""

    folder: Path
    places: Places = field(default_factory=dict)
    written: dict[int, Path] = field(default_factory=dict)

    def close(self, period: Period) -> Run:
        """Close a period after its grace time; return its run, which says what the lab says."""
        run = close_period(period, at=period.grace_ends_at)
        period.refresh_from_db()
        out = self._run_lab(period)
        self.written[period.pk] = out
        assert earnings_of(run) == earnings_in(out)
        assert standings_of(run) == standings_in(out, run)
        assert state_of(run) == state_in(out)
        assert differences(run) == []
        return run

    def _run_lab(self, period: Period) -> Path:
        version, plan = plan_for(period)
        rhythm = rhythm_of(period, plan)
        base = self.folder / f"{period.type_id}-{period.label}"
        base.mkdir()
        (base / "plan.toml").write_text(version.text)
        write_members(base / "members.csv", at=period.ends_at - _MOMENT, places=self.places)
        write_sales(base / "sales.csv", currency=plan.currency)
        earlier = self._earlier(period)
        state = earlier[-1:]
        if rhythm.longer is not None:
            state = [*state, *self._earlier(rhythm.longer)[-1:]]
        request = LabRequest(
            plan=base / "plan.toml",
            members=base / "members.csv",
            sales=base / "sales.csv",
            period=f"{day_of(period.starts_at)}..{day_of(period.ends_at)}",
            out=base / "out",
            state=tuple(path / "state.csv" for path in state),
            prior=tuple(earlier),
            shorter=tuple(self.written[one.pk] for one in shorter_periods(period, plan)),
            cadence=cadence_of(period.type) if rhythm.longer else None,
            so_far_from=str(day_of(rhythm.counted.starts_at)) if rhythm.longer else None,
            time_zone=str(timezone.get_default_timezone()),
        )
        run_lab(request)
        return base / "out"

    def _earlier(self, period: Period) -> list[Path]:
        """Return what was written for earlier periods of the same type."""
        found = Period.objects.filter(type=period.type, ends_at__lte=period.starts_at)
        ordered = found.order_by("starts_at").values_list("pk", flat=True)
        return [self.written[pk] for pk in ordered if pk in self.written]


def day_of(moment: datetime) -> date:
    return moment.astimezone(timezone.get_default_timezone()).date()


def write_members(path: Path, *, at: datetime, places: Places) -> None:
    """Write everybody as effective at a moment."""
    holders = dict(
        Holding.objects.filter(capacity="holder", effective_from__lte=at)
        .exclude(effective_until__lte=at)
        .values_list("member_id", "party_id")
    )
    rows = [
        (
            code(version.member_id),
            code(version.sponsor_id),
            version.role,
            version.member.joined_at.isoformat(),
            code(version.enroller_id),
            version.status,
            version.member.market_id,
            holders.get(version.member_id, ""),
            *(cell for tree in places.values() for cell in _place(tree, version.member_id)),
        )
        for version in versions_at(at).select_related("member").order_by("member_id")
    ]
    columns = "".join(f",{tree}.parent,{tree}.leg" for tree in places)
    write(path, f"id,sponsor,role,joined_at,enroller,status,market,holder{columns}", rows)


def _place(tree: dict[int, tuple[int, int]], member: int) -> tuple[str, str]:
    if member not in tree:
        return "", ""
    parent, leg = tree[member]
    return (code(parent), str(leg)) if parent else (code(member), "")


def code(number: int | None) -> str:
    return f"m{number}" if number else ""


def write_sales(path: Path, *, currency: str) -> None:
    """Write all sales there are, with returns at the time that they came back."""
    found = SaleLine.objects.select_related("return_line__returned").order_by("pk")
    rows = [
        (
            f"s{sale.pk}",
            code(sale.buyer_id),
            (
                sale.return_line.returned.returned_at if sale.return_line else sale.commission_at
            ).isoformat(),
            _PURPOSES[Purpose(sale.purpose)],
            to_decimal(sale.net_minor, currency),
            f"o{sale.order_id}",
            points(sale.pv),
            points(sale.cv),
            f"s{sale.returns_id}" if sale.returns_id else "",
        )
        for sale in found
    ]
    write(path, "id,member,at,purpose,amount,order,pv,cv,returns", rows)


def write(path: Path, header: str, rows: Iterable[Sequence[object]]) -> None:
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header.split(","))
        writer.writerows(rows)


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def earnings_of(run: Run) -> dict[tuple[str, ...], list[Fraction]]:
    """Return base and amount by member, name, level and rate; what was taken back is in it."""
    rows = list(Earning.objects.filter(run=run))
    names = standings.pay_names(run, rows)
    plan = ranks.plan_of(run)
    matching = {rule.name for rule in plan.bonuses if hasattr(rule, "of")}
    found: dict[tuple[str, ...], list[Fraction]] = defaultdict(lambda: [Fraction(0), Fraction(0)])
    for row in rows:
        name = names[row.reverses, row.bonus]
        sums = found[code(row.member_id), name, str(row.level), per_cent(row.rate_ppm)]
        hundredths = 10**plan.exponent if name in matching else 100
        sums[0] += Fraction(row.base, hundredths)
        sums[1] += Fraction(row.amount_minor, 10**plan.exponent)
    return dict(found)


def earnings_in(out: Path) -> dict[tuple[str, ...], list[Fraction]]:
    return {
        (row["member"], row["bonus"], row["level"], row["rate"]): [
            Fraction(row["base"]),
            Fraction(row["amount"]),
        ]
        for row in rows_of(out / "earnings.csv")
    }


def standings_of(run: Run) -> dict[str, dict[str, str]]:
    """Return everybody's figures as the lab writes them."""
    plan = ranks.plan_of(run)
    return {
        code(row.member_id): {
            **{name: str(figure) for name, figure in ranks.named_figures(plan, row).items()},
            "active": "yes" if row.is_active else "no",
            "rank": plan.rank_name(row.rank),
            "paid_as": plan.rank_name(row.paid_as),
            "title": plan.rank_name(row.title),
        }
        for row in Standing.objects.filter(run=run)
    }


def standings_in(out: Path, run: Run) -> dict[str, dict[str, str]]:
    """Return the lab's figures; points in hundredths, as the database has them."""
    plan = ranks.plan_of(run)
    in_points = {figure.name for figure in plan.figures if figure.unit == 0}
    return {
        row["member"]: {
            name: str(int(Fraction(value) * 100)) if name in in_points else value
            for name, value in row.items()
            if name != "member"
        }
        for row in rows_of(out / "standings.csv")
    }


def state_of(run: Run) -> set[tuple[str, str, str]]:
    """Return what a run leaves, as rows of state.csv."""
    plan = compiled(run.plan_version.text)
    counted = {rule.name for rule in plan.bonuses}
    found = set()
    for member in Member.objects.all():
        for key, label, value in standings.state_left(run, member):
            name, _, word = key.rpartition(".")
            is_number = key in {"rank.grace", "rank.held"} or (
                name in counted and word in {"cycles", "level", "rank"}
            )
            text = value if isinstance(value, str) or is_number else points(value)
            found.add((code(member.pk), f"{key}@{label}" if label else key, str(text)))
    return found


def state_in(out: Path) -> set[tuple[str, str, str]]:
    return {(row["member"], row["key"], row["value"]) for row in rows_of(out / "state.csv")}
