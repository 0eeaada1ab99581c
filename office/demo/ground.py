"""What has to be there before anybody can join or buy; what is there already is left as it is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from django.db import connection, transaction

from accounts.models import Storefront
from commissions.models import Period, PeriodType, PlanVersion
from commissions.services import periods, plans
from distributors.models import (
    AgreementVersion,
    Holding,
    Market,
    Member,
    MemberVersion,
    Party,
    Role,
    Status,
)
from distributors.services import publish_agreement
from office.demo import bulk, company
from office.demo.columns import member_codes
from orders.models import Price, Product

FOUNDED_BEFORE = timedelta(days=6 * 365)


@dataclass(frozen=True, slots=True)
class Ground:
    """What a company stands on."""

    period_type: PeriodType
    storefront: Storefront
    house: Member


@transaction.atomic
def lay_ground(*, at: datetime) -> Ground:
    """Make markets, products, prices, agreement, plan, periods and the house account if missing."""
    founded_at = at - FOUNDED_BEFORE
    _make_markets_and_products(founded_at)
    if not AgreementVersion.objects.exists():
        publish_agreement(
            label=company.AGREEMENT_LABEL,
            title=company.AGREEMENT_TITLE,
            body=company.AGREEMENT_FILE.read_text(encoding="utf-8"),
            effective_from=founded_at,
        )
    storefront, _ = Storefront.objects.get_or_create(
        code=company.STOREFRONT_CODE, defaults={"name": company.STOREFRONT_NAME}
    )
    house = Member.objects.filter(is_house=True).first() or _make_house(founded_at)
    period_type = _make_period_type()
    _make_plan_live(period_type, effective_from=founded_at)
    periods.roll_periods(at=at)
    return Ground(period_type, storefront, house)


def month_around(period_type: PeriodType, moment: datetime) -> Period:
    """Return the stored period around a moment, making it if it is missing."""
    return periods.period_around(period_type, moment)


def _make_markets_and_products(founded_at: datetime) -> None:
    for code, name, currency in company.MARKETS:
        Market.objects.get_or_create(code=code, defaults={"name": name, "currency": currency})
    known = set(Product.objects.values_list("sku", flat=True))
    new = [item for item in company.ITEMS if item.sku not in known]
    products = Product.objects.bulk_create(
        Product(sku=item.sku, name=item.name, description=item.description, kind=item.kind)
        for item in new
    )
    Price.objects.bulk_create(
        Price(
            product=product,
            market_id=market,
            amount_minor=amount_minor,
            pv=item.pv,
            cv=item.cv,
            effective_from=founded_at,
        )
        for product, item in zip(products, new, strict=True)
        for market, amount_minor in (("US", item.us_minor), ("GB", item.gb_minor))
    )


def _make_house(founded_at: datetime) -> Member:
    """Return the company's own place, above everybody."""
    with connection.cursor() as cursor:
        member_id = bulk.reserve_ids(cursor, "distributors_member", 1)
    code = member_codes(np.array([member_id]))[0].decode()
    party = Party.objects.create(
        kind=Party.Kind.COMPANY, name=company.LEGAL_NAME, email=f"hello@{company.DOMAIN}"
    )
    house = Member.objects.create(
        pk=member_id,
        code=code,
        referral_code="house",
        name=company.NAME,
        market_id=company.MARKETS[0][0],
        joined_at=founded_at,
        is_house=True,
    )
    Holding.objects.create(member=house, party=party, effective_from=founded_at)
    MemberVersion.objects.create(
        member=house, role=Role.DISTRIBUTOR, status=Status.ACTIVE, effective_from=founded_at
    )
    return house


def _make_period_type() -> PeriodType:
    kind, _ = PeriodType.objects.get_or_create(
        code=company.PERIOD_TYPE,
        defaults={"name": "Monthly", "cadence": PeriodType.Cadence.MONTHLY},
    )
    return kind


def _make_plan_live(period_type: PeriodType, *, effective_from: datetime) -> None:
    if PlanVersion.objects.filter(status=PlanVersion.Status.LIVE).exists():
        return
    text = company.PLAN_FILE.read_text(encoding="utf-8")
    draft = plans.draft_plan(
        period_type=period_type,
        label=company.PLAN_LABEL,
        text=text,
        effective_from=effective_from,
    )
    plans.make_live(draft)
