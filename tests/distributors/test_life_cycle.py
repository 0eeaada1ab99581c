"""Suspended, terminated, reinstated: states follow each other, and nobody is moved."""

from __future__ import annotations

from datetime import timedelta

import pytest

from distributors import services
from distributors.errors import BooksClosed, NotAllowedInThisState
from distributors.models import BusinessEvent, LockedStretch, Member, Status
from distributors.selectors import credited_distributor, upline, version_of
from tests.factories import MONTH, NOON, make_cast, make_customer, make_distributor

pytestmark = pytest.mark.django_db


def set_status(member: Member, status: Status, days: int = 0) -> None:
    at = NOON + timedelta(days=days)
    services.change_status(member, status, effective_from=at, reason="Why", actor=None, at=at)


def test_a_suspended_member_can_be_reinstated() -> None:
    alice = make_distributor("Alice Adams")

    set_status(alice, Status.SUSPENDED)
    set_status(alice, Status.REINSTATED, days=40)

    assert version_of(alice, at=NOON + timedelta(days=39)).status == Status.SUSPENDED
    assert version_of(alice, at=NOON + timedelta(days=40)).status == Status.REINSTATED


def test_termination_moves_nobody() -> None:
    cast = make_cast()

    set_status(cast.bob, Status.TERMINATED)

    above = upline(cast.dora, at=NOON)
    assert [step.member_id for step in above][:2] == [cast.bob.pk, cast.alice.pk]


def test_a_terminated_members_customers_are_credited_to_the_next_distributor_above() -> None:
    cast = make_cast()
    ann = make_customer("Ann Ames", sponsor=cast.bob)

    set_status(cast.bob, Status.TERMINATED)

    assert credited_distributor(ann, at=NOON - timedelta(days=1)) == cast.bob
    assert credited_distributor(ann, at=NOON) == cast.alice


def test_a_terminated_member_comes_back_only_by_reinstatement() -> None:
    alice = make_distributor("Alice Adams")
    set_status(alice, Status.TERMINATED)

    with pytest.raises(NotAllowedInThisState):
        set_status(alice, Status.SUSPENDED, days=1)


def test_every_step_leaves_an_event_with_its_reason() -> None:
    alice = make_distributor("Alice Adams")

    set_status(alice, Status.SUSPENDED)

    event = BusinessEvent.objects.get(kind="member.suspended")
    assert (event.member, event.reason, event.detail) == (alice, "Why", {"was": "active"})


def test_a_change_is_refused_where_the_books_are_closed() -> None:
    alice = make_distributor("Alice Adams")
    LockedStretch.objects.create(
        starts_at=MONTH, ends_at=MONTH + timedelta(days=30), reason="November"
    )

    with pytest.raises(BooksClosed):
        set_status(alice, Status.SUSPENDED)


def test_a_time_before_the_member_joined_is_refused() -> None:
    alice = make_distributor("Alice Adams")

    with pytest.raises(NotAllowedInThisState, match="joined on 2026-01-05"):
        set_status(alice, Status.SUSPENDED, days=-600)


def test_a_change_that_is_recorded_already_is_not_undone_by_an_earlier_one() -> None:
    alice = make_distributor("Alice Adams")
    set_status(alice, Status.TERMINATED, days=20)

    with pytest.raises(NotAllowedInThisState, match="terminated from 2026-11-30 on"):
        set_status(alice, Status.SUSPENDED)
    set_status(alice, Status.REINSTATED, days=20)

    assert version_of(alice, at=NOON + timedelta(days=20)).status == Status.REINSTATED
