"""Plain builders with fixed values, and the cast: Alice sponsors Bob and Carl, Dora is Bob's."""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final

from django.db import connection

from accounts.models import Storefront
from commissions.models import Period, PeriodType, PlanVersion
from commissions.services import periods, plans
from distributors import services
from distributors.models import AgreementVersion, Market, Member, MemberVersion, Party, Role
from orders.drafting import LineWanted, OrderWanted
from orders.models import Order, Price, Product
from orders.services import place_order

_numbers = itertools.count(1)

#: Everything happens in November 2026 unless a test says otherwise.
JOINED: Final = datetime(2026, 1, 5, 12, tzinfo=UTC)
MONTH: Final = datetime(2026, 11, 1, tzinfo=UTC)
NOON: Final = datetime(2026, 11, 10, 12, tzinfo=UTC)


def make_market(code: str = "US", currency: str = "USD") -> Market:
    """Return the market, made once."""
    market, _ = Market.objects.get_or_create(
        code=code, defaults={"name": {"US": "United States"}.get(code, code), "currency": currency}
    )
    return market


def make_house() -> Member:
    """Return the company's own place at the top, made once: nobody's downline, earns nothing."""
    if house := Member.objects.filter(is_house=True).first():
        return house
    house = Member.objects.create(
        code="HOUSE",
        referral_code="house",
        name="The company",
        market=make_market(),
        joined_at=JOINED,
        is_house=True,
    )
    MemberVersion.objects.create(
        member=house, role=Role.DISTRIBUTOR, status="active", effective_from=JOINED
    )
    return house


def make_agreement() -> AgreementVersion:
    """Return the wording in force since before everybody joined."""
    if found := AgreementVersion.objects.filter(label="2026-01").first():
        return found
    return services.publish_agreement(
        label="2026-01",
        title="Distributor agreement",
        body="You may introduce customers. You need not buy anything.",
        effective_from=JOINED - timedelta(days=30),
    )


def party_of(member: Member) -> Party:
    """Return who holds a member."""
    return Party.objects.get(holdings__member=member, holdings__capacity="holder")


def make_customer(name: str, *, sponsor: Member | None = None, at: datetime = JOINED) -> Member:
    """Return a customer under a sponsor, by default under the house account."""
    return services.enrol_customer(
        name=name,
        email=f"{name.lower().replace(' ', '.')}@example.com",
        sponsor=sponsor or make_house(),
        market=make_market(),
        at=at,
    )


def make_distributor(name: str, *, sponsor: Member | None = None, at: datetime = JOINED) -> Member:
    """Return a distributor: a customer who accepted the agreement the moment they joined."""
    member = make_customer(name, sponsor=sponsor, at=at)
    services.accept_agreement(
        member,
        party=party_of(member),
        agreement=make_agreement(),
        at=at,
        ip_address="192.0.2.1",
        user_agent="tests",
    )
    return member


@dataclass(frozen=True)
class Cast:
    """Four people everybody in the tests knows."""

    alice: Member
    bob: Member
    carl: Member
    dora: Member


def make_cast() -> Cast:
    """Return Alice, who sponsors Bob and Carl, and Dora, who is Bob's. All distributors."""
    alice = make_distributor("Alice Adams")
    bob = make_distributor("Bob Brown", sponsor=alice)
    carl = make_distributor("Carl Clark", sponsor=alice)
    dora = make_distributor("Dora Diaz", sponsor=bob)
    return Cast(alice, bob, carl, dora)


def make_chain(length: int, *, top: Member | None = None) -> list[Member]:
    """Return a chain of distributors below a member, each under the one before, made in bulk."""
    top = top or make_house()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO distributors_member"
            " (code, referral_code, name, market_id, joined_at, is_house)"
            " SELECT 'C' || n, 'c' || n, 'Link ' || n, %s, %s, false"
            " FROM generate_series(1, %s) n ORDER BY n",
            [make_market().pk, JOINED, length],
        )
        cursor.execute(
            "INSERT INTO distributors_memberversion"
            " (member_id, role, status, sponsor_id, enroller_id, effective_from)"
            " SELECT id, 'distributor', 'active', above, above, %s FROM"
            " (SELECT id, lag(id, 1, %s) OVER (ORDER BY id) AS above"
            "    FROM distributors_member WHERE code ~ '^C[0-9]+$') chain ORDER BY id",
            [JOINED, top.pk],
        )
        # As the server does by itself after a load; also what checks foreign keys plans by it
        cursor.execute("ANALYZE distributors_member, distributors_memberversion")
    return list(Member.objects.filter(name__startswith="Link ").order_by("pk"))


def make_storefront(code: str = "shop") -> Storefront:
    """Return a storefront, made once."""
    found, _ = Storefront.objects.get_or_create(code=code, defaults={"name": code.title()})
    return found


def make_product(
    sku: str = "COFFEE",
    *,
    price_minor: int = 2_000,
    pv: int = 1_500,
    cv: int = 1_000,
    kind: str = Product.Kind.PRODUCT,
) -> Product:
    """Return a product with a price in the US: 20.00 USD, 15 PV, 10 CV unless told otherwise."""
    product = Product.objects.create(sku=sku, name=sku.title(), kind=kind)
    Price.objects.create(
        product=product,
        market=make_market(),
        amount_minor=price_minor,
        pv=pv,
        cv=cv,
        effective_from=JOINED,
    )
    return product


def make_order(
    buyer: Member,
    *lines: tuple[str, int],
    paid_at: datetime | None = NOON,
    ordered_at: datetime | None = None,
    discount_minor: int = 0,
    external_id: str | None = None,
) -> Order:
    """Return a paid order of the given (SKU, quantity) pairs, one COFFEE by default."""
    wanted = OrderWanted(
        external_id=external_id or f"T-{next(_numbers)}",
        buyer=buyer,
        lines=[LineWanted(sku, quantity) for sku, quantity in lines or [("COFFEE", 1)]],
        ordered_at=ordered_at or paid_at or NOON,
        discount_minor=discount_minor,
    )
    order, _ = place_order(make_storefront(), wanted, paid_at=paid_at, at=paid_at or NOON)
    return order


PLAN: Final = """
name     = "Test plan"
currency = "USD"
cadence  = "monthly"

[active]
require = ["PV >= 10"]

[[bonus]]
name        = "Unilevel"
kind        = "unilevel"
tree        = "sponsor"
pays_on     = "CV"
compression = "inactive"
rates       = ["10%", "5%", "2%"]
"""


def make_month(text: str = PLAN, *, at: datetime = MONTH) -> Period:
    """Return the month around a moment, with a live monthly plan that pays it."""
    kind, _ = PeriodType.objects.get_or_create(
        code="monthly", defaults={"name": "Monthly", "cadence": "monthly"}
    )
    if not PlanVersion.objects.filter(period_type=kind).exists():
        plans.make_live(
            plans.draft_plan(period_type=kind, label="v1", text=text, effective_from=JOINED)
        )
    return periods.period_around(kind, at)
