"""A company to look at, and who looks: a posted month, a running one, readers of every kind.

The network is `seed_network`'s. Its month is closed; in the month after it a part of the same
orders are placed again, by SQL, so that live figures are there as well.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from time import perf_counter
from typing import Any, Final

import numpy as np
from django.core.management import call_command
from django.db import connection, transaction
from django.test import Client

from accounts.models import ApiKey, Storefront, User
from accounts.services import issue_key
from bench.pages.visits import (
    CUSTOMERS,
    DISTRIBUTORS,
    HOUSE,
    LEADERS,
    MIDDLE,
    NEWCOMERS,
    Reader,
    Scene,
)
from bench.shell import Say
from commissions.engine.network import order_network
from commissions.models import Explanation, Period, PlanVersion, Run
from commissions.selectors import periods, ranks
from commissions.services import explanations
from commissions.services.closing import close_period
from commissions.services.periods import period_around
from commissions.services.refreshing import refresh_period
from distributors.books import note_change
from distributors.models import Change, Holding, Login, Member, Party
from mlm.copying import copy_out
from office.demo.ground import lay_ground
from office.selectors.figures import figures_in, mark_of
from office.selectors.whole_team import orders
from office.views.pulse import token_of
from orders.models import Order

AGAIN_PART: Final = 4
"""One in so many of the closed month's orders is placed again in the month after it."""
HOW_MANY: Final = {LEADERS: 5, MIDDLE: 10, NEWCOMERS: 10, CUSTOMERS: 5}

_NETWORK: Final = """
    SELECT v.member_id, coalesce(v.sponsor_id, 0), (v.role = 'distributor')::int::bigint
      FROM distributors_memberversion v WHERE v.retired_at IS NULL AND v.effective_until IS NULL
     ORDER BY v.member_id
"""
_COLUMNS: Final = [("member", "i8"), ("sponsor", "i8"), ("distributor", "i8")]


def make_company(*, members: int, sold: int, seed: int, at: datetime, say: Say) -> None:
    """Make the network with last month's orders, close that month, and sell again in this one."""
    last = period_around(lay_ground(at=at).period_type, at - timedelta(days=at.day))
    say(f"{members:,} members, {sold:,} orders in {last}")
    call_command(
        "seed_network",
        members=members,
        orders=sold,
        seed=seed,
        at=last.ends_at - timedelta(hours=2),
        verbosity=0,
    )
    say(f"{last}: closed")
    close_period(last, at=at, despite_grace=True)
    sell_again(last, at=at)
    this = period_around(last.type, at)
    say(f"{this}: live figures")
    refresh_period(this)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


@transaction.atomic
def sell_again(period: Period, *, at: datetime) -> None:
    """Place a part of a period's orders again, one period later, as far as that is not ahead."""
    later = f"interval '{(period.ends_at - period.starts_at) // timedelta(seconds=1)} seconds'"
    with connection.cursor() as cursor:
        offset = {
            table: _last_id(cursor, table)
            for table in ("orders_order", "orders_orderline", "orders_saleline")
        }
        moved = {
            name: f"{name} + {later}"
            for name in ("ordered_at", "paid_at", "shipped_at", "commission_at")
        }
        order = {
            **moved, "id": f"id + {offset['orders_order']}", "code": "'again_' || id",
            "external_id": "'again_' || id",
        }  # fmt: skip
        whose = (
            f"id %% {AGAIN_PART} = 0 AND commission_at >= %(start)s AND commission_at < %(end)s"
            f" AND commission_at + {later} < %(at)s AND paid_at + {later} < %(at)s"
        )
        values = {"start": period.starts_at, "end": period.ends_at, "at": at}
        chosen = f"(SELECT id FROM orders_order WHERE {whose})"
        _copy(cursor, "orders_order", order, f"id IN {chosen}", values)
        line = {
            "id": f"id + {offset['orders_orderline']}",
            "order_id": f"order_id + {offset['orders_order']}",
        }
        _copy(cursor, "orders_orderline", line, f"order_id IN {chosen}", values)
        sale = {
            "commission_at": moved["commission_at"],
            "id": f"id + {offset['orders_saleline']}",
            "order_id": line["order_id"],
            "order_line_id": f"order_line_id + {offset['orders_orderline']}",
        }
        _copy(cursor, "orders_saleline", sale, f"order_id IN {chosen}", values)
        for table in offset:
            cursor.execute(
                "SELECT setval(pg_get_serial_sequence(%s, 'id'), %s)",
                [table, _last_id(cursor, table) + 1],
            )
    note_change(Change.Kind.SALE, effective_at=period.ends_at)


def _last_id(cursor: Any, table: str) -> int:
    cursor.execute(f"SELECT coalesce(max(id), 0) FROM {table}")  # a constant
    return int(cursor.fetchone()[0])


def _copy(
    cursor: Any, table: str, changed: Mapping[str, str], where: str, values: Mapping[str, Any]
) -> None:
    """Write rows of a table once more, some columns changed; what the database keeps is its own."""
    cursor.execute(
        "SELECT column_name FROM information_schema.columns WHERE table_name = %s"
        " AND column_name NOT IN ('xact', 'recorded_at', 'created_at', 'updated_at')"
        " ORDER BY ordinal_position",
        [table],
    )
    columns = [name for (name,) in cursor.fetchall()]
    taken = ", ".join(changed.get(name, name) for name in columns)
    cursor.execute(
        f"INSERT INTO {table} ({', '.join(columns)}) OVERRIDING SYSTEM VALUE"
        f" SELECT {taken} FROM {table} WHERE {where}",
        values,
    )


@dataclass(frozen=True, slots=True)
class Audience:
    """The readers by kind, with a browser for each of them, and a storefront's key."""

    readers: Mapping[str, list[Reader]]
    clients: Mapping[int, Client]
    staff: Client
    key: str
    scene: Scene
    answered: list[tuple[str, str, float, int]]
    """Who asked why, of which month, how many seconds it took to find out, and how many lines."""


def gather(*, at: datetime, say: Say) -> Audience:
    """Choose the readers, let them sign in, and answer one of each kind's questions."""
    say("who looks")
    readers = _choose()
    clients = {
        reader.pk: _signed_in(reader.pk, at=at) for group in readers.values() for reader in group
    }
    superuser = User.objects.filter(email="bench-staff@example.com").first()
    staff = Client(SERVER_NAME="localhost")
    staff.force_login(
        superuser or User.objects.create_superuser("bench-staff@example.com", None, name="Bench")
    )
    storefront = Storefront.objects.order_by("pk").first()
    if storefront is None:
        raise SystemExit("bench: there is no storefront: seed a company first")
    _, key = issue_key(storefront, "bench", ApiKey.Scope.values, None)
    posted = Run.objects.filter(status=Run.Status.POSTED).select_related("period").latest("pk")
    kind = periods.main_period_type()
    running = periods.current_period(kind, at=at) if kind else None
    run = periods.shown_run(running) if running else None
    if running is None or run is None:
        raise SystemExit("bench: no live figures of the present month")
    answered = [
        _answered(one, role, readers[role][0])
        for role in (LEADERS, HOUSE, MIDDLE, NEWCOMERS)
        for one in (posted, run)
    ]
    run = Run.objects.get(pk=run.pk)
    plan = ranks.plan_of(run)
    scene = Scene(
        kind=running.type_id,
        posted=posted.period.label,
        running=running.label,
        mark=mark_of(run),
        volumes=[plan.figures[place].name for place in plan.volume_order[:2]],
        orders=[word for word in orders(plan) if word.startswith("volume")],
        keys=_keys(),
        tokens=_tokens(run, [one.pk for role in DISTRIBUTORS for one in readers[role]]),
        with_lines={
            readers[role][0].pk
            for role, label, _, lines in answered
            if lines and label == posted.period.label
        },
    )
    return Audience(readers, clients, staff, key, scene, answered)


def _choose() -> dict[str, list[Reader]]:
    """Return readers by the size of their downline, with people at all depths below each."""
    with transaction.atomic(), connection.cursor() as cursor:
        rows = copy_out(cursor, _NETWORK, np.dtype(_COLUMNS))
    member, is_distributor = rows["member"], rows["distributor"] == 1
    place = np.searchsorted(member, rows["sponsor"])
    sponsor = np.where(rows["sponsor"] == 0, -1, place).astype(np.int32)
    network = order_network(member, sponsor)
    size = (network.end - np.arange(len(member)) - 1).astype(np.int64)
    sells = is_distributor[network.order]
    by_size = np.lexsort((network.member, -size))
    house = Member.objects.get(is_house=True).pk
    some = by_size[sells[by_size] & (network.member[by_size] != house)]
    teams = some[size[some] >= min(100, int(size[some].max()))]
    alone = some[size[some] == 0]
    buyers = by_size[~sells[by_size]]
    chosen = {
        LEADERS: some[: HOW_MANY[LEADERS]],
        HOUSE: np.flatnonzero(network.member == house),
        MIDDLE: _spread(teams[len(teams) // 4 :], HOW_MANY[MIDDLE]),
        NEWCOMERS: _spread(alone, HOW_MANY[NEWCOMERS]),
        CUSTOMERS: _spread(buyers, HOW_MANY[CUSTOMERS]),
    }
    return {
        role: [_reader(role, network.member, size, int(row)) for row in rows_of]
        for role, rows_of in chosen.items()
    }


def _spread(rows: Any, count: int) -> Any:
    """Return so many rows at equal distances."""
    return rows[np.linspace(0, len(rows) - 1, min(count, len(rows))).astype(int)]


def _reader(role: str, member: Any, size: Any, row: int) -> Reader:
    below = member[row + 1 : row + 1 + int(size[row])]
    pks = [int(member[row]), *(int(pk) for pk in _spread(below, 5))] if len(below) else [
        int(member[row])
    ]  # fmt: skip
    front = Member.objects.filter(
        versions__sponsor_id=pks[0], versions__retired_at=None, versions__role="distributor"
    )
    first = front.order_by("pk").values_list("code", flat=True).first()
    found = {one.pk: one for one in Member.objects.filter(pk__in=pks)}
    own = found[pks[0]]
    deep = [found[pk].code for pk in _distributors(pks[1:])]
    codes = Order.objects.filter(buyer=own).order_by("-pk").values_list("code", flat=True)[:3]
    bought = list(codes) or list(Order.objects.order_by("-pk").values_list("code", flat=True)[:1])
    return Reader(
        role=role,
        pk=own.pk,
        code=own.code,
        referral_code=own.referral_code,
        name=found[pks[-1]].name,
        downline=int(size[row]),
        below=[first, *deep] if first else [],
        orders=bought,
    )


def _distributors(pks: Collection[int]) -> list[int]:
    found = Member.objects.filter(
        pk__in=pks, versions__role="distributor", versions__retired_at=None
    )
    return list(found.order_by("pk").values_list("pk", flat=True).distinct())


def _signed_in(pk: int, *, at: datetime) -> Client:
    party = Party.objects.get(
        holdings__member_id=pk,
        holdings__capacity=Holding.Capacity.HOLDER,
        holdings__effective_from__lte=at,
        holdings__effective_until=None,
    )
    login = Login.objects.filter(party=party).select_related("user").first()
    if login is None:
        user = User.objects.create_user(f"bench-{pk}@example.com", None, name=party.name)
        login = Login.objects.create(user=user, party=party)
    client = Client(SERVER_NAME="localhost")
    client.force_login(login.user)
    return client


def _answered(run: Run, role: str, reader: Reader) -> tuple[str, str, float, int]:
    """Answer what a reader's figures are made of, as the worker does; say how long it took."""
    Explanation.objects.filter(run=run, member_id=reader.pk).delete()  # of an earlier measuring
    started = perf_counter()
    question = explanations.request(run, Member.objects.get(pk=reader.pk))
    answer = explanations.answer(question.pk)
    seconds = perf_counter() - started
    count = len(answer.lines or []) if answer else 0
    return role, run.period.label, seconds, count


def _keys() -> dict[str, list[int]]:
    return {
        "commissions_planversion": list(PlanVersion.objects.values_list("pk", flat=True)[:1]),
        "commissions_period": list(Period.objects.values_list("pk", flat=True)[:1]),
        "commissions_run": list(Run.objects.values_list("pk", flat=True)[:1]),
        "orders_order": list(Order.objects.order_by("-pk").values_list("pk", flat=True)[:1]),
        "distributors_party": list(Party.objects.values_list("pk", flat=True)[:1]),
        "distributors_holding": list(Holding.objects.values_list("pk", flat=True)[:1]),
        "distributors_member": [0],
    }


def _tokens(run: Run, member_ids: Collection[int]) -> dict[int, str]:
    members = Member.objects.in_bulk(list(member_ids))
    return {pk: token_of(one, figures_in(run, one)) for pk, one in members.items()}
