"""The demo's own trial: an order comes in by the API, and the right people's figures change."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final

from commissions.models import Period
from commissions.services.plans import plan_for
from distributors.models import Member, Role, Status
from distributors.selectors import versions_at
from mlm.currencies import to_decimal
from mlm.errors import DomainError
from office.demo import checking, walk
from orders.models import Order, Product, SaleLine
from orders.selectors import prices_at

LEVELS_BELOW: Final = 5
# Two pieces; in a month that nobody has bought in yet as many as make the seller active.
PIECES: Final = 2
PIECES_TO_BEGIN_WITH: Final = 8
MOST_CANDIDATES: Final = 3_000
_SECONDS_BETWEEN_LOOKS: Final = 0.2
_SECONDS_PER_REQUEST: Final = 15


class Failed(DomainError):
    """The trial did not end as it should have; the message says how."""

    code = "demo_check_failed"


@dataclass(frozen=True, slots=True)
class Shop:
    """The storefront's side: the address of the API and the key."""

    base_url: str
    api_key: str

    def post(self, path: str, body: Mapping[str, object]) -> dict[str, Any]:
        """Send a body once and return the answer."""
        return self._send(path, json.dumps(body).encode())

    def get(self, path: str) -> dict[str, Any]:
        """Return the answer to a question."""
        return self._send(path, None)

    def _send(self, path: str, body: bytes | None) -> dict[str, Any]:
        request = urllib.request.Request(  # noqa: S310  (the address is the caller's own)
            f"{self.base_url.rstrip('/')}/api/v1{path}",
            data=body,
            headers={
                "Authorization": f"Bearer {self.api_key}",
                "Content-Type": "application/json",
                "Idempotency-Key": str(uuid.uuid4()),
            },
        )
        try:
            with urllib.request.urlopen(request, timeout=_SECONDS_PER_REQUEST) as answer:  # noqa: S310
                found: dict[str, Any] = json.load(answer)
                return found
        except urllib.error.HTTPError as error:
            detail = error.read().decode(errors="replace")[:500]
            raise Failed(f"{path} answered {error.code}: {detail}") from error
        except (OSError, ValueError) as error:
            raise Failed(f"{self.base_url} does not answer: {error}") from error


@dataclass(frozen=True, slots=True)
class Trial:
    """Who buys, in which period, paid by which plan along which network."""

    period: Period
    plan: walk.Plan
    network: dict[int, walk.Place]
    buyer: Member
    credited: int
    above: list[int]
    pieces: int


def prepare(period: Period, before: checking.Moment, *, at: datetime) -> Trial:
    """Choose a customer at least five levels down, of whose order as many as can be earn."""
    plan = walk.read(plan_for(period)[0].text)
    network = checking.read_network(at=at)
    best: tuple[int, int, int] | None = None
    customers = versions_at(at).filter(role=Role.CUSTOMER, status=Status.ACTIVE)
    candidates = customers.order_by("member_id").values_list("member_id", flat=True)
    for member in candidates[:MOST_CANDIDATES]:
        credited = walk.credited_for(network, member)
        if credited is None or len(walk.distributors_above(network, member)) < LEVELS_BELOW:
            continue
        sale = walk.Sale(credited, is_customers=True, cv=100)
        earners = len(walk.paid_above(plan.bonuses[0], sale, network, before.figures))
        if best is None or earners > best[0]:
            best = (earners, member, credited)
    if best is None:
        raise Failed(f"There is no customer {LEVELS_BELOW} levels down.")
    return Trial(
        period=period,
        plan=plan,
        network=network,
        buyer=Member.objects.select_related("market").get(pk=best[1]),
        credited=best[2],
        above=walk.distributors_above(network, best[2]),
        pieces=PIECES if best[0] else PIECES_TO_BEGIN_WITH,
    )


def order_something(trial: Trial, shop: Shop, *, at: datetime) -> Order:
    """Order two of a product for the buyer by the API, paid at once; return the order."""
    price = prices_at(trial.buyer.market, at=at).filter(product__kind=Product.Kind.PRODUCT)[0]
    moment = at.isoformat(timespec="seconds")
    answer = shop.post(
        "/orders",
        {
            "external_id": f"check-{uuid.uuid4()}",
            "buyer": trial.buyer.code,
            "ordered_at": moment,
            "paid_at": moment,
            "lines": [{"sku": price.product.sku, "quantity": trial.pieces}],
        },
    )
    order = Order.objects.get(code=answer["code"])
    volumes = [(sale.pv, sale.cv) for sale in order.sales.all()]
    if volumes != [(price.pv * trial.pieces, price.cv * trial.pieces)]:
        raise Failed(f"Order {order.code} has the volumes {volumes}, not those of its products.")
    return order


def wait_for(
    period: Period, is_right: Callable[[checking.Moment], bool], *, seconds: float
) -> checking.Moment | None:
    """Return the live figures as soon as they are right; None if they are not in time."""
    deadline = time.monotonic() + seconds
    while True:
        moment = checking.look(period)
        if moment is not None and is_right(moment):
            return moment
        if time.monotonic() >= deadline:
            return None
        time.sleep(_SECONDS_BETWEEN_LOOKS)


def compare(
    trial: Trial, order: Order, before: checking.Moment, after: checking.Moment
) -> list[str]:
    """Return what is wrong with the figures after the order, in sentences; nothing is best."""
    between = SaleLine.objects.filter(
        pk__gt=before.run.last_sale_id, pk__lte=after.run.last_sale_id
    )
    if between.exclude(order=order).exists():
        raise Failed("Other orders came in meanwhile, so this proves nothing: try again.")
    mistakes = []
    if checking.amounts(before) == checking.amounts(after):
        mistakes.append("Nobody's earnings changed.")
    if order.credited_id != trial.credited:
        mistakes.append(f"Order {order.code} is credited to another distributor than expected.")
    for name, moment in (("before", before), ("after", after)):
        sales = checking.read_sales(trial.period, up_to=moment.run.last_sale_id)
        expected = walk.earnings(trial.plan, sales, trial.network, moment.figures)
        found = checking.amounts(moment)
        wrong = {key[0] for key in expected.keys() | found.keys() if expected[key] != found[key]}
        if wrong:
            mistakes.append(f"{name}: {len(wrong)} members have other earnings than they should.")
    strangers = checking.changed_members(before, after) - {trial.credited, *trial.above}
    if strangers:
        mistakes.append(f"The figures of {len(strangers)} members changed who have no part in it.")
    return mistakes + _wrong_volumes(trial, order, before, after)


def _wrong_volumes(
    trial: Trial, order: Order, before: checking.Moment, after: checking.Moment
) -> list[str]:
    """Say whose volumes grew by anything else than the order's."""
    pv, cv = (sum(getattr(sale, name) for sale in order.sales.all()) for name in ("pv", "cv"))
    mistakes = []
    for member in (trial.credited, *trial.above):
        own = (pv, cv) if member == trial.credited else (0, 0)
        old, new = before.standings[member][:3], after.standings[member][:3]
        grown = tuple(int(str(b)) - int(str(a)) for a, b in zip(old, new, strict=True))
        if grown != (*own, pv):
            mistakes.append(f"The volumes of member {member} grew by {grown}.")
    return mistakes


def wrong_answers(trial: Trial, shop: Shop, after: checking.Moment) -> list[str]:
    """Say of whom the API tells other earnings than the table; the nearest five are asked about."""
    mistakes = []
    nearest = [trial.credited, *trial.above][:5]
    for member in Member.objects.filter(pk__in=nearest):
        answer = shop.get(f"/members/{member.code}/standing")
        told = Decimal(answer["earnings"]["amount"])
        if told != to_decimal(after.total_minor(member.pk), trial.plan.currency):
            mistakes.append(f"The API tells {told} of {member.code}, the table something else.")
    return mistakes
