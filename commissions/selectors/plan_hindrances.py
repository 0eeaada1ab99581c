"""What stands against making a plan version live: every reason, so that all are said at once."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction
from itertools import chain
from typing import Final

from django.conf import settings
from django.db.models import Q

from commissions.columns import AMOUNT, COLUMNS
from commissions.engine import Plan
from commissions.engine.plan import PoolRule, SaleFigure, TreeKind
from commissions.errors import (
    FindingsUnsigned,
    OwnRhythmMissing,
    PlanNotForThisCompany,
    PlanNotInThatState,
    PlanUnlawful,
    PointsAbovePrice,
)
from commissions.models import Period, PeriodType, PlanVersion, Run
from commissions.plan.lawful.inside import inside
from commissions.plan.lawful.law import Severity, profiles
from commissions.plan.lawful.prices import cv_within_price
from commissions.rhythms import cadence_of
from commissions.selectors.plan_reviews import digest_of, refused, review_of, unsigned_findings
from distributors.models import Market
from mlm.display import money, points
from mlm.errors import DomainError
from orders.models import Price, Product

PRICES_SHOWN: Final = 50

Hindrances = Iterator[DomainError]


def hindrances(version: PlanVersion, plan: Plan) -> list[DomainError]:
    """Return every reason why a version cannot be made live; `plan` is what its text says."""
    return list(
        chain(
            _unlawful(version),
            _unsigned(version),
            _rewrites_the_past(version),
            _another_currency(version, plan),
            what_is_not_there(plan),
            _without_own_rhythm(version, plan),
            points_above_prices(plan, since=version.effective_from),
        )
    )


def _unlawful(version: PlanVersion) -> Hindrances:
    for finding in refused(review_of(version.text)):
        yield PlanUnlawful(str(finding), findings=[finding.key])


def _unsigned(version: PlanVersion) -> Hindrances:
    for finding in unsigned_findings(version):
        yield FindingsUnsigned(
            f"A compliance officer has to sign for this first: {finding}", findings=[finding.key]
        )


def _rewrites_the_past(version: PlanVersion) -> Hindrances:
    live = PlanVersion.objects.filter(
        period_type_id=version.period_type_id, status=PlanVersion.Status.LIVE
    )
    if same := live.filter(effective_from=version.effective_from).first():
        yield PlanNotInThatState(f"{same.label} is live from that moment on: choose another one.")
    later = live.filter(effective_from__gt=version.effective_from).order_by("effective_from")
    until = later.values_list("effective_from", flat=True).first()
    paid = Period.objects.filter(
        type_id=version.period_type_id,
        locked_at__isnull=False,
        starts_at__gte=version.effective_from,
    )
    if until is not None:
        paid = paid.filter(starts_at__lt=until)
    if locked := paid.order_by("-starts_at").first():
        yield PlanNotInThatState(
            f"{locked.label} is locked: choose a time after it started.", period=locked.label
        )


def _another_currency(version: PlanVersion, plan: Plan) -> Hindrances:
    """Find a currency that late returns of posted periods could not be taken back in."""
    posted = Run.objects.filter(
        status=Run.Status.POSTED, period__type_id=version.period_type_id
    ).exclude(currency=plan.currency)
    if other := posted.order_by("-pk").first():
        yield PlanNotInThatState(
            f"{version.period_type.name} periods were paid in {other.currency}, not"
            f" {plan.currency}: pay in another currency by periods of a new type.",
            currency=other.currency,
        )


def what_is_not_there(plan: Plan) -> Hindrances:
    """Find placement trees, columns of products and currencies that the company does not have."""
    for tree in plan.trees:
        if tree.kind in (TreeKind.BINARY, TreeKind.MATRIX, TreeKind.FREE):
            yield PlanNotForThisCompany(
                f"This company has no tree named {tree.name}: placements come with a later version."
                " The lab runs such a plan on files.",
                tree=tree.name,
            )
    missing = [name for name in plan.columns if name not in COLUMNS]
    if missing:
        yield PlanNotForThisCompany(
            f"This company's products carry {' and '.join(COLUMNS[:2])}, and the plan asks"
            f" for {', '.join(missing)}.",
            columns=missing,
        )
    others = Market.objects.exclude(currency=plan.currency).order_by("code")
    if AMOUNT in plan.columns and (other := others.first()):
        yield PlanNotForThisCompany(
            f"The plan pays on money paid in {plan.currency}, and {other.name} sells in"
            f" {other.currency}: pay on points instead.",
            market=other.code,
        )


def _without_own_rhythm(version: PlanVersion, plan: Plan) -> Hindrances:
    """Find a text for a shorter rhythm that is not live for its own by then."""
    if cadence_of(version.period_type) == plan.cadence:
        yield from _without_shorter_periods(plan)
        return
    own = PlanVersion.objects.filter(
        status=PlanVersion.Status.LIVE,
        period_type__cadence=plan.cadence.replace("-", "_"),
        digest=digest_of(version.text),
        effective_from__lte=version.effective_from,
    )
    if not own.exists():
        yield OwnRhythmMissing(
            f"The plan's own rhythm is {plan.cadence}: make the same text live for such periods"
            f" first, from {version.effective_from:%Y-%m-%d} or earlier.",
            cadence=plan.cadence,
        )


def _without_shorter_periods(plan: Plan) -> Hindrances:
    """Find bonuses of a rhythm that the company has no periods of: nobody would pay them."""
    known = {kind.cadence for kind in PeriodType.objects.all()}
    for rule in plan.bonuses:
        if rule.cadence and rule.cadence.replace("-", "_") not in known:
            yield PlanNotForThisCompany(
                f"{rule.name} is paid {rule.cadence}, and this company has no such periods: add a"
                " period type first, and make this text live for it after this one.",
                bonus=rule.name,
            )


def points_above_prices(plan: Plan, *, since: datetime) -> Hindrances:
    """Find prices of products that carry points worth more than they cost, where pay is on them.

    Of prices that hold at `since` or later, in the plan's currency: what points are worth in
    another one is not known before a run. A profile that does not look at bases looks at none.
    """
    if profiles()[settings.PLAN_PROFILE].severities["base-above-price"] == Severity.OFF:
        return
    worth = Fraction(plan.point_num, plan.point_den)
    prices = Price.objects.filter(
        Q(effective_until=None) | Q(effective_until__gt=since),
        market__currency=plan.currency,
        product__kind=Product.Kind.PRODUCT,
        product__is_active=True,
    ).order_by("product__sku", "market_id", "effective_from")
    columns = _columns_paid_on(plan)
    found = [
        _above(price, column, volume, plan.currency)
        for price in prices.select_related("product")
        for column in columns
        if not cv_within_price(worth, volume := getattr(price, column), price.amount_minor)
    ]
    if found:
        shown, more = found[:PRICES_SHOWN], len(found) - PRICES_SHOWN
        rest = f" And {more} more." if more > 0 else ""
        yield PointsAbovePrice(
            "The plan pays on points, and these products carry more of them than they cost, at"
            f" {money(plan.point_num, plan.currency) if plan.point_den == 1 else 'its value'} a"
            f" point: {'; '.join(shown)}.{rest} Lower the points or raise the prices.",
            prices=found,
        )


def _above(price: Price, column: str, volume: int, currency: str) -> str:
    return (
        f"{price.product.sku} in {price.market_id} from {price.effective_from:%Y-%m-%d}:"
        f" {points(volume)} {column.upper()} for {money(price.amount_minor, currency)}"
    )


def _columns_paid_on(plan: Plan) -> list[str]:
    """Return the columns of products that a plan pays on; what people paid is none of them."""
    figures = {
        bonus.fund_of if isinstance(bonus, PoolRule) else bonus.pays_on for bonus in plan.bonuses
    }
    made_of = {place for figure in figures - {-1} for place in inside(plan.figures, figure)}
    columns = {
        plan.columns[figure.column]
        for place in made_of
        if isinstance(figure := plan.figures[place], SaleFigure)
    }
    return sorted(columns & set(COLUMNS) - {AMOUNT})
