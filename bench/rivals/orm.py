"""Django, as one would write it first: a loop over orders; and the same with a tree library.

Both write every line down, and sum up at the end. Their tables are in a schema of their own that
is dropped afterwards. Commits do not wait for the disk, which is kind to the loop.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from time import perf_counter
from typing import Any, Final

import numpy as np
from django.db import connection
from django.db.models import Count, F, Model, QuerySet, Sum

from bench.engine.earnings import Paid
from bench.engine.months import Month
from bench.engine.rules import EARNINGS, Rules
from bench.processes import server_peak_mib
from bench.rivals.orm_models import EVERYTHING, Line, Place, PlaceSale, Sale, Seller

SCHEMA: Final = "bench_orm"
_AT_ONCE: Final = 5_000


def pay_in_a_loop(month: Month, rules: Rules) -> Paid:
    """Return the month's earnings and the seconds of a loop over orders; loading apart."""
    with _tables():
        sponsor = month.sponsor.tolist()
        _load(
            Seller(pk=row + 1, sponsor_id=above + 1 if above >= 0 else None)
            for row, above in enumerate(sponsor)
        )
        _load(_sales(Sale, month))
        return _timed(_loop, rules)


def pay_with_treebeard(month: Month, rules: Rules) -> Paid:
    """Return the month's earnings and the seconds of the same with paths; loading apart."""
    with _tables():
        _load(_places(month.sponsor.tolist()))
        _load(_sales(PlaceSale, month))
        return _timed(_with_paths, rules)


def _loop(rules: Rules) -> None:
    for sale in Sale.objects.select_related("seller"):
        Seller.objects.filter(pk=sale.seller.pk).update(pv=F("pv") + sale.pv)
        somebody: Seller | None = sale.seller
        while somebody is not None:
            Seller.objects.filter(pk=somebody.pk).update(gv=F("gv") + sale.pv)
            somebody = somebody.sponsor
    for seller in Seller.objects.all():
        seller.covered = _covered(seller, Sale.objects.filter(seller=seller), rules)
        seller.save(update_fields=["covered"])
    for sale in Sale.objects.select_related("seller"):
        somebody = sale.seller.sponsor if sale.customer is None else sale.seller
        level = 1
        while somebody is not None and level <= rules.depth:
            if somebody.covered >= level:
                _line(somebody.pk - 1, level, sale.cv, rules).save()
                level += 1
            somebody = somebody.sponsor


def _with_paths(rules: Rules) -> None:
    for place in Place.objects.all():
        own = PlaceSale.objects.filter(seller=place)
        below = PlaceSale.objects.filter(seller__path__startswith=place.path)
        place.pv = own.aggregate(sum=Sum("pv"))["sum"] or 0
        place.gv = below.aggregate(sum=Sum("pv"))["sum"] or 0
        place.covered = _covered(place, own, rules)
        place.save(update_fields=["pv", "gv", "covered"])
    lines = []
    for sale in PlaceSale.objects.select_related("seller"):
        above = list(Place.objects.get_ancestors(sale.seller).order_by("-depth"))
        level = 1
        for place in above if sale.customer is None else [sale.seller, *above]:
            if level <= rules.depth and place.covered >= level:
                lines.append(_line(place.number, level, sale.cv, rules))
                level += 1
    _load(lines)


def _covered(somebody: Seller | Place, sales: QuerySet[Any], rules: Rules) -> int:
    """Return how many levels somebody with these sales is paid on."""
    bought = sales.exclude(customer=None).values("customer").annotate(sum=Sum("pv"))
    customers = bought.filter(sum__gte=rules.customer_pv).count()
    if somebody.pv < rules.active_pv:
        return 0
    for rank in reversed(rules.ranks):
        if somebody.pv >= rank.pv and customers >= rank.customers and somebody.gv >= rank.gv:
            return len(rank.rates_ppm)
    return 0


def _line(earner: int, level: int, base: int, rules: Rules) -> Line:
    rate = max((rank.rates_ppm for rank in rules.ranks), key=len)[level - 1]
    amount = (2 * base * rate + 1_000_000) // 2_000_000
    return Line(earner=earner, level=level, rate_ppm=rate, base=base, amount=amount)


def _sales(model: type[Any], month: Month) -> Iterator[Any]:
    columns = (month.seller.tolist(), month.customer.tolist(), month.pv.tolist(), month.cv.tolist())
    for seller, customer, pv, cv in zip(*columns, strict=True):
        buyer = customer if customer >= 0 else None
        yield model(seller_id=seller + 1, customer=buyer, pv=pv, cv=cv)


def _places(sponsor: list[int]) -> Iterator[Place]:
    """Yield everybody with the path that `add_child`, one after the other, would have given."""
    paths: list[str] = []
    below = [0] * len(sponsor)
    for above in sponsor:
        if above >= 0:
            below[above] += 1
        parent = paths[above] if above >= 0 else ""
        depth = len(parent) // Place.steplen + 1
        paths.append(Place._get_path(parent, depth, below[above] if above >= 0 else 1))
    for row, path in enumerate(paths):
        depth = len(path) // Place.steplen
        yield Place(pk=row + 1, number=row, path=path, depth=depth, numchild=below[row])


def _timed(work: Callable[[Rules], None], rules: Rules) -> Paid:
    started = perf_counter()
    work(rules)
    sums = Line.objects.values_list("earner", "level", "rate_ppm").annotate(
        Count("pk"), Sum("base"), Sum("amount")
    )
    found = [tuple(map(int, row)) for row in sums]
    seconds = perf_counter() - started
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (backend,) = cursor.fetchone()
    return Paid(np.array(found, EARNINGS), seconds, server_mib=server_peak_mib(backend))


def _load(rows: Iterable[Model]) -> None:
    some: list[Any] = list(rows)
    if some:
        type(some[0])._default_manager.bulk_create(some, batch_size=_AT_ONCE)
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {some[0]._meta.db_table}")


@contextmanager
def _tables() -> Iterator[None]:
    """Make the tables, each statement a transaction of its own, and drop them afterwards."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")
        cursor.execute(f"CREATE SCHEMA {SCHEMA}")
        cursor.execute(f"SET search_path = {SCHEMA}")
        cursor.execute("SET synchronous_commit = off")
        try:
            with connection.schema_editor() as editor:
                for model in EVERYTHING:
                    editor.create_model(model)
            yield
        finally:
            cursor.execute("RESET search_path")
            cursor.execute("RESET synchronous_commit")
            cursor.execute(f"DROP SCHEMA {SCHEMA} CASCADE")
