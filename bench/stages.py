"""One measured step in a process of its own: `python -m bench.stages NAME [SIZE]`.

Prints one line of JSON. A fresh process, so that nothing is warm that would not be, and so that
its peak memory is that step's own.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from time import perf_counter, process_time
from typing import Any, Final

import django

from bench.memory import peak_mib
from bench.processes import server_peak_mib, server_seconds


def main(name: str, *given: str) -> None:
    """Run the step and print what it took."""
    django.setup()
    print(json.dumps(STEPS[name](*given)))


def hybrid(size: str) -> dict[str, Any]:
    """Calculate a month from arrays; no database is asked."""
    from bench.engine.hybrid import Size, measure

    return asdict(measure(Size(**json.loads(size))))


def alone(size: str) -> dict[str, Any]:
    """Calculate a plain month from arrays, of a network as large as memory allows."""
    from bench.engine.alone import measure
    from bench.engine.hybrid import Size

    return asdict(measure(Size(**json.loads(size))))


def close() -> dict[str, Any]:
    """Close the period that orders lie in."""
    from commissions.services.closing import close_period

    period = _period()
    at = period.ends_at + timedelta(days=5)
    begun = _now()
    run = close_period(period, at=at, despite_grace=True)
    return _told(run, begun)


def refresh() -> dict[str, Any]:
    """Bring the live figures up cold, then after one more order, then with nothing changed."""
    from commissions.services.refreshing import refresh_period

    period = _period()
    found = {}
    for name, prepare in (("first", None), ("one order later", _order), ("again", None)):
        if prepare is not None:
            prepare(period)
        begun = _now()
        found[name] = _told(refresh_period(period), begun)
    return found


def _period() -> Any:
    """Return the only period with sales."""
    from commissions.models import Period
    from orders.models import SaleLine

    sold_at = SaleLine.objects.order_by("pk").values_list("commission_at", flat=True)[0]
    return Period.objects.get(starts_at__lte=sold_at, ends_at__gt=sold_at)


def _order(period: Any) -> None:
    """Let the member who joined last buy something."""
    from accounts.models import Storefront
    from distributors.models import Member
    from orders.drafting import LineWanted, OrderWanted
    from orders.models import Product
    from orders.services import place_order

    product = Product.objects.filter(kind=Product.Kind.PRODUCT).order_by("pk")[0]
    at: datetime = period.ends_at - timedelta(minutes=1)
    place_order(
        Storefront.objects.order_by("pk")[0],
        OrderWanted(
            external_id="bench",
            buyer=Member.objects.order_by("-pk")[0],
            lines=[LineWanted(sku=product.sku, quantity=1)],
            ordered_at=at,
        ),
        paid_at=at,
        at=at,
    )


@dataclass(frozen=True, slots=True)
class _Now:
    """A moment: by the clock, by our processor's time and by that of PostgreSQL's process."""

    wall: float
    work: float
    server_work: float | None
    backend: int


def _now() -> _Now:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    return _Now(perf_counter(), process_time(), server_seconds(backend), backend)


def _told(run: Any, begun: _Now) -> dict[str, Any]:
    now = _now()
    served = None
    if now.server_work is not None and begun.server_work is not None:
        served = now.server_work - begun.server_work
    return {
        "wall": now.wall - begun.wall,
        "work": now.work - begun.work,
        "stages": {stage: float(took) for stage, took in run.timings.items()},
        "members": run.members_count,
        "sales": run.sales_count,
        "total_minor": run.total_minor,
        "run": run.pk,
        "client_mib": peak_mib(),
        "server_mib": server_peak_mib(now.backend),
        "server_work": served,
    }


STEPS: Final[dict[str, Callable[..., dict[str, Any]]]] = {
    "close": close,
    "refresh": refresh,
    "hybrid": hybrid,
    "alone": alone,
}

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mlm.settings")
    main(*sys.argv[1:])
