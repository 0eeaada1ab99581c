"""Orders as storefronts send them: in codes and currencies, turned into what `placing` takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import Storefront
from distributors import books
from distributors.models import Market, Member
from mlm.errors import DomainError
from mlm.fields import Money
from orders.buyers import Buyers, CustomerSent
from orders.drafting import LineWanted, OrderWanted
from orders.errors import WrongCurrency
from orders.placing import Batch, Ground, Taken


@dataclass(frozen=True, slots=True)
class OrderSent:
    """An order as it came in; `amounts` holds those of discount, shipping and tax that came."""

    external_id: str
    buyer: str | CustomerSent
    lines: Sequence[LineWanted]
    amounts: Mapping[str, Money]
    ordered_at: datetime
    paid_at: datetime | None


def take_order(storefront: Storefront, sent: OrderSent, *, at: datetime) -> Taken:
    """Return the order, and whether it is new; enrols the customer where nobody knows the address.

    What `take_orders` says of many; a refusal is raised.
    """
    (taken,) = take_orders(storefront, [sent], at=at)
    if isinstance(taken, DomainError):
        raise taken
    return taken


# No savepoint of its own: what is refused was not written, and what fails undoes everything
@transaction.atomic(savepoint=False)
def take_orders(
    storefront: Storefront, sent: Sequence[OrderSent], *, at: datetime
) -> list[Taken | DomainError]:
    """Return what became of each order, in their order: the order there is now, or a refusal.

    One after the other, as if each had come alone: the first order of somebody new makes a customer
    of them, whom the next one finds. An order that is sent again with a payment time, and was not
    paid before, is paid by that. Refused are unknown codes, money that is not in the currency of
    the buyer's market, and what `Batch.take` refuses. A refused order leaves nothing behind, no
    customer either.
    """
    if not sent:
        return []
    books.hold_open()
    buyers = Buyers((one.buyer, one.ordered_at) for one in sent)
    ground = Ground(
        storefront,
        external_ids=[one.external_id for one in sent],
        skus=[line.sku for one in sent for line in one.lines],
        moments=[one.ordered_at for one in sent],
        at=at,
        places=buyers.places_of_customers(),
    )
    batch = Batch(storefront, ground, at=at)
    results = [_taken(batch, buyers, one) for one in sent]
    batch.write(buyers.newcomers)
    return [
        result.refusal if isinstance(result, Taken) and result.refusal else result
        for result in results
    ]


def _taken(batch: Batch, buyers: Buyers, sent: OrderSent) -> Taken | DomainError:
    try:
        buyer = buyers.find(sent.buyer, at=sent.ordered_at)
        taken = batch.take(_wanted(sent, buyer.member), buyer.version, paid_at=sent.paid_at)
    except DomainError as refusal:
        return refusal
    buyers.keep(buyer)
    return taken


def _wanted(sent: OrderSent, buyer: Member) -> OrderWanted:
    amounts = {
        f"{name}_minor": _in_market(name, money, buyer.market)
        for name, money in sent.amounts.items()
    }
    return OrderWanted(
        external_id=sent.external_id,
        buyer=buyer,
        lines=sent.lines,
        ordered_at=sent.ordered_at,
        **amounts,
    )


def _in_market(name: str, money: Money, market: Market) -> int:
    if money.currency != market.currency:
        raise WrongCurrency(
            f"The buyer's market pays in {market.currency}, not {money.currency}.",
            pointer=f"/{name}/currency",
        )
    return money.amount_minor
