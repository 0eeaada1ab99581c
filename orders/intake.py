"""Orders as storefronts send them: in codes and currencies, turned into what `services` takes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from accounts.models import Storefront
from distributors.customers import find_or_enrol_customer, member_by_referral_code
from distributors.models import Market, Member
from mlm.fields import Money
from orders.errors import (
    OrderNotInThatState,
    PaidAtDiffers,
    UnknownBuyer,
    UnknownMarket,
    UnknownReferralCode,
    WrongCurrency,
)
from orders.models import Order
from orders.services import LineWanted, OrderWanted, pay_order, place_order


@dataclass(frozen=True, slots=True)
class CustomerSent:
    """A buyer whom the storefront knows by address; without a referral code the company's own."""

    name: str
    email: str
    market: str | None
    referral_code: str | None


@dataclass(frozen=True, slots=True)
class OrderSent:
    """An order as it came in; `amounts` holds those of discount, shipping and tax that came."""

    external_id: str
    buyer: str | CustomerSent
    lines: Sequence[LineWanted]
    amounts: Mapping[str, Money]
    ordered_at: datetime
    paid_at: datetime | None


@transaction.atomic
def take_order(storefront: Storefront, sent: OrderSent, *, at: datetime) -> tuple[Order, bool]:
    """Return the order, and whether it is new; enrols the customer where nobody knows the address.

    An order that is sent again with a payment time, and was not paid before, is paid by that.
    Refused when codes are unknown and when money is not in the currency of the buyer's market.
    """
    if isinstance(sent.buyer, CustomerSent):
        buyer = _customer(sent.buyer, at=sent.ordered_at)
    else:
        buyer = _buyer(sent.buyer)
    amounts = {
        f"{name}_minor": _in_market(name, money, buyer.market)
        for name, money in sent.amounts.items()
    }
    wanted = OrderWanted(
        external_id=sent.external_id,
        buyer=buyer,
        lines=sent.lines,
        ordered_at=sent.ordered_at,
        **amounts,
    )
    order, is_new = place_order(storefront, wanted, paid_at=sent.paid_at, at=at)
    if not is_new and sent.paid_at is not None:
        order = pay_as_sent(order, paid_at=sent.paid_at, at=at)
    return order, is_new


def pay_as_sent(order: Order, *, paid_at: datetime, at: datetime) -> Order:
    """Return the order, paid; refused when it was paid at another time, or cannot be paid."""
    order = pay_order(order, paid_at=paid_at, at=at)
    if order.paid_at is None:
        raise OrderNotInThatState(f"Order {order.code} is {order.status}.", status=order.status)
    if order.paid_at != paid_at:
        raise PaidAtDiffers(
            f"Order {order.code} was paid at {order.paid_at.isoformat()}.",
            order=order.code,
            paid_at=order.paid_at.isoformat(),
        )
    return order


def _buyer(code: str) -> Member:
    found = Member.objects.select_related("market").filter(code=code).first()
    if found is None:
        raise UnknownBuyer(f"There is no member {code}.", pointer="/buyer")
    return found


def _customer(sent: CustomerSent, *, at: datetime) -> Member:
    return find_or_enrol_customer(
        name=sent.name,
        email=sent.email,
        sponsor=_sponsor(sent.referral_code),
        market=_market(sent.market),
        at=at,
    )


def _sponsor(referral_code: str | None) -> Member:
    if referral_code is None:
        return _house()
    found = member_by_referral_code(referral_code)
    if found is None:
        raise UnknownReferralCode(
            f"Nobody has the referral code {referral_code}.", pointer="/referral_code"
        )
    return found


def _house() -> Member:
    found = Member.objects.select_related("market").filter(is_house=True).first()
    if found is None:
        raise UnknownReferralCode(
            "Send a referral code: the company has no place of its own.", pointer="/referral_code"
        )
    return found


def _market(code: str | None) -> Market | None:
    if code is None:
        return None
    found = Market.objects.filter(code=code).first()
    if found is None:
        raise UnknownMarket(f"There is no market {code}.", pointer="/customer/market")
    return found


def _in_market(name: str, money: Money, market: Market) -> int:
    if money.currency != market.currency:
        raise WrongCurrency(
            f"The buyer's market pays in {market.currency}, not {money.currency}.",
            pointer=f"/{name}/currency",
        )
    return money.amount_minor
