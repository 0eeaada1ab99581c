"""Every page and every address of the API with every plan of the gallery, and with a kind of all.

Placement trees come with a later version; plans with such have their places handed in by the test.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

import pytest
from django.utils.html import escape

from commissions.models import Earning
from distributors.models import Member
from office.access import Rule
from tests.office.gallery import NAMES as PLAN_NAMES
from tests.office.gallery import Company, make_company, text_of
from tests.office.test_rights import NAMES, RULES, address_in
from tests.office.world import answered, client_of

pytestmark = pytest.mark.django_db


@pytest.fixture(params=PLAN_NAMES)
def company(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[Company]:
    """Return a company under each plan of the gallery in turn."""
    from mlm.celery import app

    monkeypatch.setattr(app, "send_task", lambda *_, **__: None)
    yield from make_company(text_of(request.param))


def people(company: Company) -> list[Member]:
    cast = company.cast
    return [cast.alice, cast.bob, cast.dora, company.hal]


def cents(text: str) -> int:
    return int(text.replace(",", "").replace(".", "").replace("\N{MINUS SIGN}", "-"))


def test_every_page_stands_with_the_plans_own_names(company: Company) -> None:
    for member in people(company):
        client = client_of(member)
        answer = answered(company.run, member)
        for name in NAMES:
            if RULES[name] == Rule.DISTRIBUTORS and name != "level-lines":
                where = address_in(name, company.period, below=member)
                assert client.get(where).status_code in {200, 204}, (name, member.name)
        missed = client.get(address_in("missed", company.period, below=member)).content.decode()
        assert bool(answer.missed) == ("missed-head" in missed)
        assert "Not paid" not in missed
    _names_are_the_plans(company)


def _names_are_the_plans(company: Company) -> None:
    home = client_of(company.cast.alice).get("/").content.decode()
    team = client_of(company.cast.alice).get("/team/").content.decode()

    for rank in company.plan.ranks:
        assert f">{rank.name}<" in home
    used = {figure.name for figure in company.plan.figures}
    for name in ("PV", "CV", "GV", "PG", "SALES", "POINTS", "FIRST"):
        if name not in used:
            assert f"<dt>{name}</dt>" not in home
            assert f">{name}</th>" not in team


def test_the_lines_of_every_bonus_and_level_add_up(company: Company) -> None:
    for member in (company.cast.alice, company.cast.bob):
        answered(company.run, member)
        client = client_of(member)
        where = address_in("lines", company.period, below=member)
        page = client.get(where).content.decode()
        earned: dict[tuple[int, int], int] = defaultdict(int)
        for row in Earning.objects.filter(run_id=company.run.pk, member_id=member.pk):
            earned[row.bonus, row.level] += row.amount_minor
            assert escape(company.plan.pays[row.bonus].name) in page
        assert earned

        for (bonus, level), amount in earned.items():
            lines = client.get(f"{where}{bonus}/{level}/").content.decode()
            rows = re.findall(r'<td class="num">\s*<span class="amount(?: minus)?">([^<]+)<', lines)
            assert sum(cents(row) for row in rows) == amount, (bonus, level)
