"""Lines of every kind in plain words, caps and deductions of their own, and what is taken back."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from pytest_django import Settings

from commissions.models import Earning, Period, PeriodType
from commissions.services import plans
from commissions.services.closing import close_period
from commissions.services.periods import period_around
from commissions.services.refreshing import refresh_period
from distributors.models import Member
from orders.returning import PiecesBack, return_goods
from tests.factories import (
    JOINED,
    Cast,
    make_cast,
    make_customer,
    make_month,
    make_order,
    make_product,
)
from tests.office.world import answered, client_of

pytestmark = pytest.mark.django_db
MINUS = "\N{MINUS SIGN}"
KINDS = """
name     = "Kinds"
currency = "USD"
cadence  = "monthly"

[volume]
SOLD = "cv of customers' orders"

[[rank]]
name    = "Seller"
require = ["SOLD >= 10"]

[[rank]]
name     = "Leader"
require  = ["SOLD >= 50", "months since joining < 120"]
maintain = ["SOLD >= 20"]

[ranks]
grace = 2

[[bonus]]
name        = "Team"
kind        = "unilevel"
pays_on     = "SOLD"
compression = "none"
rates       = ["10%", "5%"]

[bonus.cap]
per_earner = "7.00"

[[bonus]]
name  = "Match"
kind  = "matching"
of    = ["Team"]
rates = ["30%"]

[[bonus]]
name   = "Pool"
kind   = "pool"
fund   = "2% of SOLD"
shares = "SOLD"

[[deduction]]
name = "Withheld"
rate = "10%"
"""


@pytest.fixture(autouse=True)
def _frozen_aside(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from mlm.celery import app

    monkeypatch.setattr(app, "send_task", lambda *_, **__: None)
    backend = settings.STORAGES["frozen"]
    options = {**backend["OPTIONS"], "location": tmp_path / "frozen"}
    settings.STORAGES = {**settings.STORAGES, "frozen": {**backend, "OPTIONS": options}}


@pytest.fixture
def cast() -> Cast:
    """Return the cast, of whom Alice, Bob and Carl have a customer who bought today."""
    make_product()
    cast = make_cast()
    for member, pieces in ((cast.alice, 6), (cast.bob, 4), (cast.carl, 3)):
        make_order(customer_of(member), ("COFFEE", pieces), paid_at=timezone.now())
    return cast


def customer_of(member: Member) -> Member:
    return make_customer(f"{member.name.split()[0]} Buyer", sponsor=member)


def text_of(member: Member, address: str) -> str:
    page = client_of(member).get(address).content.decode()
    return " ".join(re.sub(r"<[^>]+>", " ", page).split())


def where(period: Period, page: str = "why/") -> str:
    return f"/earnings/{period.type_id}/{period.label}/{page}"


def test_each_kind_is_told_in_its_own_words(cast: Cast) -> None:
    month = make_month(KINDS, at=timezone.now())
    answered(refresh_period(month), cast.alice)

    text = text_of(cast.alice, where(month))

    assert "10 % of 60.00 SOLD" in text
    assert "Cap on Team has a limit" not in text
    assert "Team has a limit. This is what was above it." in text
    assert f"Cap on Team {MINUS}2.50 USD" in text
    assert "What 2 people earned with Team 30 %" in text
    assert "60 of all 130 SOLD that part a fund of 2.60 USD" in text
    assert "10 % of what you earn is taken off." in text
    assert f"Withheld {MINUS}" in text


def test_what_others_earned_stays_theirs(cast: Cast) -> None:
    month = make_month(KINDS, at=timezone.now())
    run = refresh_period(month)
    answered(run, cast.alice)
    bob, carl = (
        Earning.objects.get(run_id=run.pk, member_id=member.pk, bonus=0)
        for member in (cast.bob, cast.carl)
    )
    assert (bob.amount_minor, carl.amount_minor) == (400, 300)

    for page in ("why/", "", "why/2/1/", "not-earned/"):
        text = text_of(cast.alice, where(month, page))
        assert not re.search(r"(?<![\d.,])(4|3|7)\.00 (USD|SOLD)", text.replace("7.00 USD", "", 1))


def test_the_limit_is_told_among_what_was_not_earned(cast: Cast) -> None:
    month = make_month(KINDS, at=timezone.now())
    answered(refresh_period(month), cast.alice)

    text = text_of(cast.alice, where(month, "not-earned/"))

    assert "Cap on Team A limit was reached 2.50 USD" in text


def test_goods_that_come_back_are_told_on_their_day_with_the_way_to_what_was_paid(
    cast: Cast,
) -> None:
    month = make_month(KINDS, at=timezone.now())
    before = period_around(month.type, month.starts_at - timedelta(days=1))
    order = make_order(
        customer_of(cast.carl), ("COFFEE", 2), paid_at=before.starts_at + timedelta(days=2)
    )
    close_period(before, at=before.grace_ends_at)
    Period.objects.filter(pk=before.pk).update(status="published", published_at=timezone.now())
    back = month.starts_at + timedelta(hours=1)
    return_goods(order, external_id="R", pieces=[PiecesBack(1, 2)], reason="", returned_at=back)
    answered(refresh_period(month), cast.carl)

    page = client_of(cast.carl).get(where(month)).content.decode()
    text = text_of(cast.carl, where(month))
    of_then = text_of(cast.carl, where(month, f"why/0/1/?from={before.label}"))

    assert f'href="{where(before)}#b0"' in page
    assert "Goods came back that this was paid on in" in text
    assert f"came back {timezone.localtime(back).day} " in text
    assert f"{MINUS}2.00 USD" in of_then
    assert order.code in of_then
    assert f"10 % of {MINUS}20.00 SOLD" in of_then
    assert client_of(cast.carl).get(where(month, "why/0/1/?from=1999-01")).status_code == 404
    assert "taken back from" in text_of(cast.carl, where(month, ""))


def test_ranks_tell_title_grace_and_what_keeps_them(cast: Cast) -> None:
    month = make_month(KINDS, at=timezone.now())
    before = period_around(month.type, month.starts_at - timedelta(days=1))
    dora = cast.dora
    make_order(customer_of(dora), ("COFFEE", 6), paid_at=before.starts_at + timedelta(days=2))
    close_period(before, at=before.grace_ends_at)
    refresh_period(month)

    text = text_of(dora, "/")

    assert "Paid as Leader" in text
    assert "Kept by grace, period 1 of 2. By this period’s figures: no rank." in text
    assert "Title Leader Highest ever Leader" in text
    assert "There is no higher rank." in text
    assert "To keep Leader SOLD 20 missing 0 of 20" in text


def test_a_week_is_shown_beside_the_month(cast: Cast) -> None:
    weekly = PeriodType.objects.create(code="weekly", name="Weekly", cadence="weekly")
    text = KINDS + """
[[bonus]]
name    = "Quick"
kind    = "retail"
cadence = "weekly"
pays_on = "SOLD"
rates   = "5%"
"""  # fmt: skip
    now = timezone.now()
    month = make_month(text, at=now)
    plans.make_live(
        plans.draft_plan(period_type=weekly, label="w", text=text, effective_from=JOINED)
    )
    week = period_around(weekly, now)
    refresh_period(month)
    run = refresh_period(week)
    answered(run, cast.alice)

    home = text_of(cast.alice, "/")

    assert "Weekly, so far" in home
    for page in ("", "why/", "not-earned/", "volume/", "volume/SOLD/"):
        assert client_of(cast.alice).get(where(week, page)).status_code == 200
    assert "5 % of 60.00 SOLD" in text_of(cast.alice, where(week))
    assert "Weekly" in text_of(cast.alice, "/earnings/")
