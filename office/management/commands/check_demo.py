"""Try the demo: an order by the API must change the right people's figures, and nobody else's."""

from __future__ import annotations

import time
from argparse import ArgumentParser
from datetime import datetime
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from typing_extensions import override

from commissions.models import Period
from distributors.models import Member
from mlm.currencies import to_decimal
from office.demo import checking, company, signins, trying, walk
from orders.models import Order


class Command(BaseCommand):
    """Exits with 0 and a table of who earned what, or with 1 and a sentence."""

    help = (
        "Place an order by the API for somebody five levels down, wait for the worker, and compare"
        " everybody's figures before and after with an independent calculation."
    )

    @override
    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--base-url", required=True, help="For example http://127.0.0.1:8000")
        parser.add_argument(
            "--timeout", type=float, default=60.0, metavar="SECONDS", help="Default: 60."
        )

    @override
    def handle(self, **options: Any) -> None:
        now = timezone.now()
        if not signins.are_there():
            raise CommandError("There is no demo company here: make it with seed_demo.")
        shop = trying.Shop(options["base_url"], signins.current(at=now).api_key)
        try:
            self._try(shop, seconds=options["timeout"], now=now)
        except (trying.Failed, walk.NotThisPlan) as failure:
            raise CommandError(str(failure)) from failure

    def _try(self, shop: trying.Shop, *, seconds: float, now: datetime) -> None:
        period = _period(now)
        before = trying.wait_for(period, lambda moment: not moment.is_behind, seconds=seconds)
        if before is None:
            raise trying.Failed(
                f"No worker answered within {seconds:g} seconds: the figures of {period.label} are"
                " not up to date. Is the worker of the queue 'live' running?"
            )
        trial = trying.prepare(period, before, at=now)
        started = time.monotonic()
        order = trying.order_something(trial, shop, at=now)
        self._tell_order(trial, order)
        last = max(sale.pk for sale in order.sales.all())
        after = trying.wait_for(
            period, lambda moment: moment.run.last_sale_id >= last, seconds=seconds
        )
        if after is None:
            raise trying.Failed(
                f"No worker answered within {seconds:g} seconds: order {order.code} was taken, but"
                " nobody's figures changed. Is the worker of the queue 'live' running?"
            )
        took = time.monotonic() - started
        self._tell_changes(trial, before, after)
        mistakes = trying.compare(trial, order, before, after)
        mistakes += trying.wrong_answers(trial, shop, after)
        if mistakes:
            raise trying.Failed(" ".join(mistakes))
        self.stdout.write(
            f"Right to the cent, {took:.1f} seconds after the order, and nobody else's figures"
            f" changed ({len(after.standings)} distributors compared)."
        )

    def _tell_order(self, trial: trying.Trial, order: Order) -> None:
        levels = len(walk.distributors_above(trial.network, trial.buyer.pk))
        self.stdout.write(
            f"{company.NAME}: {trial.buyer.name} ({trial.buyer.code}), {levels} levels down,"
            f" orders {', '.join(f'{line.quantity} x {line.name}' for line in order.lines.all())}"
            f" for {to_decimal(order.total_minor, order.currency)} {order.currency}."
        )

    def _tell_changes(
        self, trial: trying.Trial, before: checking.Moment, after: checking.Moment
    ) -> None:
        members = Member.objects.in_bulk([trial.credited, *trial.above])
        for level, member in enumerate((trial.credited, *trial.above), start=1):
            old, new = before.total_minor(member), after.total_minor(member)
            if old == new:
                continue
            shown = [to_decimal(amount, trial.plan.currency) for amount in (new - old, old, new)]
            self.stdout.write(
                f"  {members[member].name:<24} {level:>2} up {shown[0]:>+8} {trial.plan.currency}"
                f"   ({shown[1]} -> {shown[2]})"
            )


def _period(now: datetime) -> Period:
    period = Period.objects.filter(
        type_id=company.PERIOD_TYPE, starts_at__lte=now, ends_at__gt=now
    ).first()
    if period is None or period.is_locked:
        raise CommandError("There is no open month at this moment.")
    return period
