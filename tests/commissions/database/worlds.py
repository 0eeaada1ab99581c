"""A small company drawn from a seed: distributors, customers in each other's lines, orders."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from distributors import services
from distributors.models import Market, Member, MemberVersion, Status
from orders.models import Order, Price, Product
from orders.returning import PiecesBack, return_goods
from tests.factories import (
    JOINED,
    make_agreement,
    make_house,
    make_market,
    make_order,
    make_product,
    party_of,
)

SKUS = ("COFFEE", "TEA", "POT")


@dataclass
class World:
    """Everybody, and what they bought."""

    random: random.Random
    members: list[Member]
    orders: list[Order] = field(default_factory=list)

    @property
    def distributors(self) -> list[Member]:
        """Return who has signed, in the order of joining."""
        signed = MemberVersion.objects.filter(role="distributor", retired_at=None)
        ids = set(signed.values_list("member_id", flat=True))
        return [member for member in self.members if member.pk in ids]

    def sell(self, count: int, first: datetime, last: datetime) -> list[Order]:
        """Let so many orders come in, by anybody who has joined, at times in between."""
        found = []
        for _ in range(count):
            at = first + (last - first) * self.random.random()
            buyer = self.random.choice([one for one in self.members if one.joined_at < at])
            lines = [
                (sku, self.random.randint(1, 3))
                for sku in self.random.sample(SKUS, self.random.randint(1, 2))
            ]
            found.append(make_order(buyer, *lines, paid_at=at))
        self.orders += found
        return found

    def bring_back(self, orders: list[Order], *, at: datetime) -> None:
        """Bring a piece of the first line of each order back, if it was paid and one is left."""
        for order in orders:
            if order.paid_at is None or order.paid_at > at:
                continue
            line = order.lines.get(position=1)
            number = order.returns.count()
            if number < line.quantity:
                return_goods(
                    order,
                    external_id=f"R{number}",
                    pieces=[PiecesBack(1, 1)],
                    reason="",
                    returned_at=at,
                )


def make_world(seed: int, *, members: int = 40, markets: tuple[str, ...] = ("US",)) -> World:
    """Return a company whose people joined from 2026-07 to the middle of November."""
    draw = random.Random(seed)  # noqa: S311 - a test
    make_agreement()
    found = [make_house()]
    first, last = datetime(2026, 7, 1, tzinfo=UTC), datetime(2026, 11, 15, tzinfo=UTC)
    for number in range(members):
        at = first + (last - first) * number / members + timedelta(minutes=draw.randint(0, 500))
        found.append(_join(draw, found, markets, number=number, at=at))
    for sku, price, pv, cv in (
        ("COFFEE", 2_000, 1_500, 1_000), ("TEA", 1_234, 987, 654), ("POT", 9_999, 5_050, 3_333),
    ):  # fmt: skip
        _price_elsewhere(make_product(sku, price_minor=price, pv=pv, cv=cv), markets)
    return World(draw, found)


def _join(
    draw: random.Random, known: list[Member], markets: tuple[str, ...], *, number: int, at: datetime
) -> Member:
    sponsor = draw.choice(known[-12:])
    member = services.enrol_customer(
        name=f"Person {number}",
        email=f"person{number}@example.com",
        sponsor=sponsor,
        enroller=draw.choice([sponsor, draw.choice(known)]),
        market=make_market(draw.choice(markets)),
        at=at,
    )
    if draw.random() < 0.7:
        services.accept_agreement(
            member,
            party=party_of(member),
            agreement=make_agreement(),
            at=at,
            ip_address="192.0.2.1",
            user_agent="tests",
        )
    return member


def _price_elsewhere(product: Product, markets: tuple[str, ...]) -> None:
    home = Price.objects.get(product=product)
    for market in Market.objects.filter(code__in=markets).exclude(pk=home.market_id):
        Price.objects.create(
            product=product,
            market=market,
            amount_minor=home.amount_minor,
            pv=home.pv,
            cv=home.cv,
            effective_from=JOINED,
        )


def terminate(member: Member, *, at: datetime) -> None:
    """End a membership."""
    services.change_status(
        member, Status.TERMINATED, effective_from=at, reason="Left", actor=None, at=at
    )
