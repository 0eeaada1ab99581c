"""A small company with something on every page, around the present moment: views read the clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.test import Client
from django.utils import timezone

from accounts.models import User
from commissions.models import Explanation, Period, Run
from commissions.services import explanations
from commissions.services.refreshing import refresh_period
from distributors.models import Member
from distributors.services import give_login
from tests.factories import (
    Cast,
    make_cast,
    make_customer,
    make_distributor,
    make_month,
    make_order,
    make_product,
    party_of,
)

PASSWORD: Final = "correct horse battery"

PLAN: Final = """
name     = "Pages"
currency = "USD"
cadence  = "monthly"

[active]
require = ["PV >= 10"]

[[rank]]
name    = "Seed"
require = ["active"]

[[rank]]
name    = "Tree"
require = ["active", "GV >= 5000", "customers with PV >= 20 are at least 2"]

[[bonus]]
name        = "Team"
kind        = "unilevel"
tree        = "sponsor"
pays_on     = "CV"
compression = "inactive"
rates       = ["10%", "5%", "2%"]
"""


@dataclass(frozen=True)
class World:
    """The cast, Alice's customer Cleo, Bob's customer Finn, and Olga in another line."""

    cast: Cast
    cleo: Member
    finn: Member
    olga: Member
    period: Period
    now: datetime

    @property
    def run(self) -> Run:
        """Return the period's live run."""
        return Run.objects.get(period=self.period, kind="live")


def make_world() -> World:
    """Return the company with its live figures worked out: everybody bought something today."""
    now = timezone.now()
    cast = make_cast()
    cleo = make_customer("Cleo Customer", sponsor=cast.alice)
    finn = make_customer("Finn Friend", sponsor=cast.bob)
    olga = make_distributor("Olga Other")
    make_product()
    make_product("TEA", price_minor=1_000, pv=700, cv=500)
    period = make_month(PLAN, at=now)
    for buyer in (cast.alice, cast.bob, cast.carl, cast.dora, cleo, finn, olga):
        make_order(buyer, ("COFFEE", 2), ("TEA", 1), paid_at=now)
    refresh_period(period)
    return World(cast, cleo, finn, olga, period, now)


def login_of(member: Member) -> User:
    """Return who signs in for a member, made once."""
    party = party_of(member)
    found = User.objects.filter(login__party=party).first()
    email = f"{member.name.split()[0].lower()}@example.com"
    return found or give_login(party, email=email, password=PASSWORD)


def client_of(member: Member) -> Client:
    """Return a browser in which a member is signed in."""
    client = Client()
    client.force_login(login_of(member))
    return client


def answered(run: Run, member: Member) -> Explanation:
    """Return the answer to a member's why, as a worker would have written it."""
    question = explanations.request(run, member)
    answer = explanations.answer(question.pk)
    assert answer is not None
    return answer
