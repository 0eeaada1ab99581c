"""The demo company: once, believable, the same again from the seed, and never the same password."""

from __future__ import annotations

import io
import json
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import pytest
from django.contrib.auth import authenticate
from django.core.management import CommandError, call_command
from django.db import connection, transaction
from django.test import override_settings
from pytest_django import DjangoDbBlocker

from accounts.models import ApiKey, User
from accounts.services import find_key
from commissions import partitions
from commissions.models import Earning, Period, Run, Standing
from distributors.models import (
    AgreementAcceptance,
    Change,
    Member,
    MemberVersion,
    Role,
    Status,
)
from distributors.selectors import credited_distributor, versions_at
from mlm.celery import app
from office.demo import checking, company, signins, walk
from orders.models import Order, OrderLine, Product, Return, SaleLine
from tests.factories import make_distributor

AT: Final = datetime(2026, 11, 23, 15, 30, tzinfo=UTC)
MEMBERS: Final = 400

# All that the demo is but for codes that services draw at random
CONTENT: Final = """
SELECT md5(string_agg(line, E'\n' ORDER BY line)) FROM (
    SELECT concat_ws('|', m.code, m.name, m.market_id, m.joined_at, v.role, v.status, v.sponsor_id,
                     v.enroller_id, v.effective_from, v.effective_until) AS line
      FROM distributors_member m JOIN distributors_memberversion v ON v.member_id = m.id
     WHERE v.retired_at IS NULL
    UNION ALL SELECT concat_ws('|', o.external_id, o.status, o.total_minor, o.ordered_at,
                     l.position, l.sku, l.quantity, l.net_minor, l.pv, l.cv)
      FROM orders_order o JOIN orders_orderline l ON l.order_id = o.id
    UNION ALL SELECT concat_ws('|', r.external_id, r.reason, r.returned_at, l.quantity, l.net_minor)
      FROM orders_return r JOIN orders_returnline l ON l.returned_id = r.id
    UNION ALL SELECT concat_ws('|', member_id, pv, cv, gv, is_active, rank, paid_as, title,
                                highest, paid_as_before, figures)
      FROM commissions_standing
    UNION ALL SELECT concat_ws('|', member_id, key, label, value) FROM commissions_state
    UNION ALL SELECT concat_ws('|', member_id, bonus, level, rate_ppm, reverses > 0, amount_minor)
      FROM commissions_earning
) AS lines
"""


def seed(**options: Any) -> str:
    """Make a small demo company and return what was said."""
    said = io.StringIO()
    options = {"members": MEMBERS, "at": AT} | options
    call_command("seed_demo", stdout=said, **options)
    return said.getvalue()


@contextmanager
def undone() -> Iterator[None]:
    """Take back what happens inside."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """Return a runtime folder of these tests' own."""
    from django.conf import settings

    folder = tmp_path_factory.mktemp("home")
    defined: dict[str, Any] = settings.STORAGES
    options = defined["frozen"]["OPTIONS"] | {"location": folder / "frozen"}
    storages = defined | {"frozen": defined["frozen"] | {"OPTIONS": options}}
    with override_settings(RUNTIME_DIR=folder, STORAGES=storages):
        yield folder


@pytest.fixture(scope="module", autouse=True)
def _demo(home: Path, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """Make the company once for all tests here, in a transaction that is never committed."""
    with (
        pytest.MonkeyPatch.context() as patch,
        django_db_blocker.unblock(),
        transaction.atomic(),
    ):
        patch.setattr(app, "send_task", lambda *_, **__: None)
        seed()
        yield
        transaction.set_rollback(True)


def content() -> str:
    """Return a digest of all that is in the company."""
    with connection.cursor() as cursor:
        cursor.execute(CONTENT)
        (digest,) = cursor.fetchone()
    return str(digest)


def member_of(role: str) -> Member:
    """Return who signs in as that."""
    return Member.objects.get(holdings__party__logins__user__email=signins.email_of(role))


def live_run() -> Run:
    """Return the run of the open month."""
    return Run.objects.get(kind=Run.Kind.LIVE)


def test_there_are_far_more_customers_than_distributors() -> None:
    now = versions_at(AT)

    assert now.exclude(member__is_house=True).count() == MEMBERS
    assert now.filter(role=Role.CUSTOMER).count() > 2 * now.filter(role=Role.DISTRIBUTOR).count()


def test_three_months_are_closed_and_published_and_one_is_open() -> None:
    periods = Period.objects.filter(runs__isnull=False).distinct().order_by("starts_at")

    assert [(period.label, period.status) for period in periods] == [
        ("2026-08", "published"),
        ("2026-09", "published"),
        ("2026-10", "published"),
        ("2026-11", "open"),
    ]
    assert Run.objects.filter(status=Run.Status.POSTED, total_minor__gt=0).count() == 3
    assert not Change.objects.exists()


def test_people_buy_again_and_again_and_some_have_stopped() -> None:
    buyers: list[set[int]] = [
        set(Order.objects.filter(ordered_at__month=month).values_list("buyer", flat=True))
        for month in (8, 9, 10, 11)
    ]
    customers: set[object] = set(
        versions_at(AT).filter(role=Role.CUSTOMER).values_list("member_id", flat=True)
    )

    assert len(set.intersection(*buyers)) > MEMBERS // 10
    assert len(customers.difference(*buyers)) > MEMBERS // 20
    assert Order.objects.filter(ordered_at__gte=AT).count() == 0


def test_orders_are_credited_as_the_services_would() -> None:
    known = SaleLine.objects.values_list("order_id", flat=True)

    for order in Order.objects.filter(pk__in=known).order_by("pk")[::40]:
        assert order.credited == credited_distributor(order.buyer, at=order.ordered_at)


def test_kits_and_sales_aids_are_sold_and_carry_no_volume() -> None:
    lines = OrderLine.objects.filter(
        product__kind__in=(Product.Kind.STARTER_KIT, Product.Kind.SALES_AID)
    )

    assert {line.purpose for line in lines} == {"starter_kit", "sales_aid"}
    assert not SaleLine.objects.filter(order_line__in=lines).exists()


def test_returns_come_in_time_and_late_and_the_late_ones_are_taken_back_from_pay() -> None:
    late = SaleLine.objects.filter(
        returns__isnull=False, commission_at__lt=live_run().period.starts_at
    )
    posted = Run.objects.filter(status=Run.Status.POSTED).values_list("period__locked_sale_id")

    assert Return.objects.count() > 10
    assert late.filter(pk__gt=max(posted)[0]).exists()
    taken_back = Earning.objects.exclude(reverses=0)
    assert taken_back.filter(run_id=live_run().pk, amount_minor__lt=0).exists()


def test_one_is_terminated_and_one_suspended_and_neither_earns() -> None:
    for status in (Status.TERMINATED, Status.SUSPENDED):
        (who,) = versions_at(AT).filter(status=status)

        own = Earning.objects.filter(run_id=live_run().pk, member_id=who.member_id, reverses=0)
        assert not own.exists()
        assert who.member.events.get().reason


def test_every_distributor_but_the_house_has_accepted_the_agreement() -> None:
    distributors = versions_at(AT).filter(role=Role.DISTRIBUTOR).exclude(member__is_house=True)

    assert set(distributors.values_list("member_id", flat=True)) == set(
        AgreementAcceptance.objects.values_list("member_id", flat=True)
    )
    assert MemberVersion.objects.exclude(retired_at=None).count() > 5


def test_the_leader_has_figures_worth_looking_at_and_the_newcomer_has_begun() -> None:
    leader = Standing.objects.get(run_id=live_run().pk, member_id=member_of("leader").pk)
    newcomer = Standing.objects.get(run_id=live_run().pk, member_id=member_of("newcomer").pk)

    assert leader.is_active
    assert leader.paid_as >= 2
    assert leader.gv > 10 * newcomer.gv
    assert 0 < newcomer.pv <= leader.pv


def test_everybody_can_sign_in_with_the_password_of_this_installation() -> None:
    entries = signins.current(at=AT).signins

    assert [entry.role for entry in entries] == list(signins.ROLES)
    for entry in entries:
        user = authenticate(email=entry.email, password=entry.password)
        assert isinstance(user, User)
        assert user.is_superuser == (entry.role == "admin")
        assert user.is_staff == (entry.role in ("admin", "staff"))
    assert set(User.objects.get(email=signins.email_of("staff")).groups.values_list("name")) == {
        (name,) for name in signins.STAFF_GROUPS
    }


def test_sign_ins_are_lines_of_json_and_the_file_is_its_owners_alone() -> None:
    said = io.StringIO()
    call_command("seed_demo", signins=True, stdout=said)

    rows = [json.loads(line) for line in said.getvalue().splitlines()]
    assert [sorted(row) for row in rows] == [["email", "password", "role"]] * 5
    assert stat.S_IMODE(signins.path().stat().st_mode) == 0o600


def test_a_second_call_changes_nothing() -> None:
    before, file = content(), signins.path().read_text()

    said = seed()

    assert "already there" in said
    assert content() == before
    assert signins.path().read_text() == file


def test_a_lost_file_is_made_again_with_other_passwords_and_the_old_key_ends() -> None:
    old = signins.current(at=AT)
    signins.path().unlink()

    with undone():
        new = signins.current(at=AT)

        assert not {entry.password for entry in new.signins} & {
            entry.password for entry in old.signins
        }
        assert find_key(old.api_key, at=AT) is None
        key = find_key(new.api_key, at=AT)
        assert key is not None
        assert set(key.scopes) == set(ApiKey.Scope.values)


def test_the_engines_figures_are_those_of_a_walk_by_hand() -> None:
    moment = checking.look(live_run().period)
    assert moment is not None

    plan = walk.read(company.PLAN_FILE.read_text(encoding="utf-8"))
    sales = checking.read_sales(moment.run.period, up_to=moment.run.last_sale_id)
    network = checking.read_network(at=moment.run.period.ends_at)

    found = checking.amounts(moment)
    assert found == walk.earnings(plan, sales, network, moment.figures)
    assert len(found) > 30


def test_the_same_seed_makes_the_same_company_and_another_seed_another(home: Path) -> None:
    made = []
    for number in (7, 7, 8):
        with undone(), connection.cursor() as cursor:
            _start_over(cursor)
            seed(seed=number, members=200)
            made.append(content())
        signins.path().unlink()

    assert made[0] == made[1] != made[2]


def _start_over(cursor: Any) -> None:
    """Empty the database and start its sequences anew, as far as this transaction sees.

    Runs are counted on: tests that commit leave tables behind that are named after theirs.
    """
    cursor.execute("SELECT last_value FROM commissions_run_id_seq")
    (last_run,) = cursor.fetchone()
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for run in Run.objects.all():
        partitions.drop(cursor, run.pk)
    tables = connection.introspection.django_table_names(only_existing=True)
    kept = ("distributors_statuspolicy", "django_content", "django_migrations", "auth_")
    emptied = [table for table in tables if not table.startswith(kept)]
    cursor.execute(f"TRUNCATE {', '.join(emptied)} RESTART IDENTITY")
    cursor.execute("SELECT setval('commissions_run_id_seq', %s)", [last_run])
    cursor.execute("SET CONSTRAINTS ALL DEFERRED")


@pytest.mark.parametrize(
    "at",
    [
        datetime(2026, 11, 1, 0, 30, tzinfo=UTC),
        datetime(2026, 12, 31, 23, 59, tzinfo=UTC),
        datetime(2028, 3, 1, 12, tzinfo=UTC),
    ],
)
def test_the_company_is_fresh_on_any_day(at: datetime) -> None:
    with undone(), connection.cursor() as cursor:
        _start_over(cursor)
        seed(at=at, members=200)

        run = live_run()
        assert run.period.starts_at <= at < run.period.ends_at
        assert run.sales_count > 20
        assert Standing.objects.filter(run_id=run.pk, is_active=True).exists()
        assert Run.objects.filter(status=Run.Status.POSTED).count() == 3
    signins.path().unlink()


def test_a_database_with_other_people_is_refused() -> None:
    with undone(), connection.cursor() as cursor:
        _start_over(cursor)
        make_distributor("Alice Adams")

        with pytest.raises(CommandError, match="other members"):
            seed()


def test_too_few_people_make_no_company() -> None:
    with undone(), connection.cursor() as cursor:
        _start_over(cursor)

        with pytest.raises(CommandError, match="at least 200"):
            seed(members=20)
