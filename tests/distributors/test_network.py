"""The sponsor tree: moves, loops refused by the database, and chains as long as it likes."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from pytest_django import DjangoAssertNumQueries

from distributors import searching, services
from distributors.errors import InOwnDownline, NotAllowedInThisState, SponsorCannotEnrol
from distributors.models import Member, MemberVersion, Role, Status
from distributors.searching import search_downline
from distributors.selectors import (
    frontline,
    in_downline,
    is_in_downline,
    upline,
    versions_at,
)
from tests.factories import (
    JOINED,
    NOON,
    make_cast,
    make_chain,
    make_customer,
    make_house,
    make_market,
)

pytestmark = pytest.mark.django_db


def move(member: Member, sponsor: Member, at: datetime = NOON) -> None:
    services.change_sponsor(member, sponsor, effective_from=at, reason="Mistake", actor=None, at=at)


def record(member: Member, sponsor: Member, start: datetime, end: datetime | None = None) -> None:
    """Write a link past the services, as a hand in a shell would."""
    with transaction.atomic():
        MemberVersion.objects.filter(member=member, retired_at=None).update(
            retired_at=NOON + timedelta(days=365)
        )
        MemberVersion.objects.create(
            member=member,
            role=Role.DISTRIBUTOR,
            status=Status.ACTIVE,
            sponsor=sponsor,
            effective_from=start,
            effective_until=end,
        )


def test_a_move_takes_the_downline_along_from_its_time_on() -> None:
    cast = make_cast()

    move(cast.bob, cast.carl)

    assert not is_in_downline(cast.dora, of=cast.carl, at=NOON - timedelta(days=1))
    assert is_in_downline(cast.dora, of=cast.carl, at=NOON)
    assert is_in_downline(cast.dora, of=cast.alice, at=NOON)


def test_a_move_that_is_recorded_already_is_not_undone_by_an_earlier_one() -> None:
    cast = make_cast()
    move(cast.dora, cast.carl, at=NOON + timedelta(days=5))

    with pytest.raises(NotAllowedInThisState, match="to move on 2026-11-15"):
        move(cast.dora, cast.alice)

    assert is_in_downline(cast.dora, of=cast.carl, at=NOON + timedelta(days=5))


def test_nobody_is_moved_into_their_own_downline() -> None:
    cast = make_cast()

    with pytest.raises(InOwnDownline):
        move(cast.alice, cast.dora)
    with pytest.raises(InOwnDownline):
        move(cast.alice, cast.alice)


def test_nobody_is_moved_under_a_sponsor_who_may_not_enrol() -> None:
    cast = make_cast()
    services.change_status(
        cast.carl, Status.SUSPENDED, effective_from=NOON, reason="Claims", actor=None, at=NOON
    )

    with pytest.raises(SponsorCannotEnrol):
        move(cast.bob, cast.carl)


def test_the_database_refuses_a_loop_whoever_writes_it() -> None:
    cast = make_cast()

    with pytest.raises(IntegrityError, match="own downline"):
        record(cast.alice, cast.dora, JOINED)


def test_the_database_refuses_a_loop_that_is_true_for_a_while_only() -> None:
    cast = make_cast()
    move(cast.bob, cast.carl, at=NOON + timedelta(days=30))

    with pytest.raises(IntegrityError, match="own downline"):
        record(cast.carl, cast.dora, NOON + timedelta(days=40))


def test_the_database_allows_what_is_never_true_at_once() -> None:
    cast = make_cast()
    move(cast.bob, cast.carl, at=NOON)

    record(cast.carl, cast.dora, JOINED, end=NOON)

    assert is_in_downline(cast.carl, of=cast.bob, at=NOON - timedelta(days=1))
    assert is_in_downline(cast.bob, of=cast.carl, at=NOON)


def test_a_sponsor_without_a_place_is_refused() -> None:
    cast = make_cast()
    stranger = Member.objects.create(
        code="STRANGER", referral_code="stranger", name="S", market=make_market(), joined_at=NOON
    )

    with pytest.raises(IntegrityError, match="no place"):
        record(cast.carl, stranger, JOINED)


def test_history_cannot_be_rewritten() -> None:
    cast = make_cast()
    version = versions_at(NOON).get(member=cast.bob)

    with pytest.raises(IntegrityError, match="history"), transaction.atomic():
        MemberVersion.objects.filter(pk=version.pk).update(sponsor=cast.carl)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        MemberVersion.objects.filter(pk=version.pk).delete()


def test_two_versions_cannot_be_true_at_once() -> None:
    cast = make_cast()

    with pytest.raises(IntegrityError, match="one_version_of_a_member_at_a_time"):
        MemberVersion.objects.create(
            member=cast.bob,
            role=Role.DISTRIBUTOR,
            status=Status.ACTIVE,
            sponsor=cast.carl,
            effective_from=NOON,
        )


def test_a_chain_of_20_000_is_walked_in_one_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    chain = make_chain(20_000)

    with django_assert_num_queries(1):
        above = upline(chain[-1], at=NOON)
    with django_assert_num_queries(1):
        assert is_in_downline(chain[-1], of=chain[0], at=NOON)

    assert [step.member_id for step in above[:2]] == [chain[-2].pk, chain[-3].pk]
    assert len(above) == 20_000


def test_the_end_of_a_long_chain_can_be_moved_and_the_loop_seen() -> None:
    chain = make_chain(20_000)

    with pytest.raises(IntegrityError, match="own downline"):
        record(chain[0], chain[-1], JOINED)


def test_frontline_is_those_directly_below() -> None:
    cast = make_cast()

    found = frontline(cast.alice, at=NOON)

    assert [version.member for version in found] == [cast.bob, cast.carl]


@pytest.mark.parametrize("text", ["dora", "DIAZ", "code"])
def test_search_finds_by_name_and_code_in_the_own_downline_only(
    text: str, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    cast = make_cast()
    text = cast.dora.code[:6] if text == "code" else text

    with django_assert_num_queries(3):
        found = search_downline(cast.alice, text, at=NOON)

    assert [version.member for version in found] == [cast.dora]
    assert search_downline(cast.carl, text, at=NOON) == []


def test_a_search_in_a_long_chain_reads_each_link_once() -> None:
    chain = make_chain(20_000)

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = '5s'")
        found = search_downline(chain[0], "Link", at=NOON)

    assert len(found) == 50


def test_one_or_two_letters_are_the_beginning_of_a_word() -> None:
    cast = make_cast()

    for text in ("d", "di", "do"):
        assert [one.member for one in search_downline(cast.alice, text, at=NOON)] == [cast.dora]
    assert search_downline(cast.alice, "ia", at=NOON) == []


def test_a_text_that_fits_very_many_finds_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "CANDIDATES_MAX", 3)
    others = make_chain(30)
    cast = make_cast()

    found = search_downline(others[20], "Link", at=NOON)

    assert len(found) == 9
    assert {one.member_id for one in found} == {link.pk for link in others[21:]}
    assert search_downline(cast.alice, "Link", at=NOON) == []


def test_distributors_are_found_before_customers() -> None:
    cast = make_cast()
    make_customer("Anna Brown", sponsor=cast.alice)

    found = search_downline(cast.alice, "brown", at=NOON)

    assert [one.member.name for one in found] == ["Bob Brown", "Anna Brown"]


def test_search_for_nothing_finds_nothing() -> None:
    assert search_downline(make_house(), "  ", at=NOON) == []


def test_several_are_looked_up_in_one_query(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    cast = make_cast()
    everybody = [cast.alice.pk, cast.bob.pk, cast.carl.pk, cast.dora.pk]

    with django_assert_num_queries(1):
        inside = in_downline(everybody, of=cast.bob, at=NOON)

    assert inside == {cast.dora.pk}


def test_concurrent_writers_share_the_books(django_user_model: object) -> None:
    from distributors import books

    with transaction.atomic():
        books.hold_open()
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND mode = 'ShareLock'"
            )
            (held,) = cursor.fetchone()
    assert held >= 1
