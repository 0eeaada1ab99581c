"""A refresh that had to wait for a processor is followed by a rest; where nobody may, by none."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import override_settings

from commissions import easing


@override_settings(LIVE_REST_PER_CENT=150)
def test_the_rest_is_a_share_of_the_time_waited_and_ends() -> None:
    assert easing.rest_seconds(0.2, 500) == pytest.approx(0.3)
    assert easing.rest_seconds(60, 500) == 3.0


@override_settings(LIVE_REST_PER_CENT=0)
def test_nobody_rests_where_it_is_switched_off() -> None:
    assert easing.rest_seconds(60, 500) == 0


def test_nobody_rests_while_orders_only_come_in_now_and_then() -> None:
    flow = easing.Flow()
    flow.per_second(2_000_000, at=100.0)

    slow = flow.per_second(2_000_088, at=101.0)
    fast = flow.per_second(2_001_088, at=102.0)

    assert easing.rest_seconds(1.0, slow) == 0
    assert easing.rest_seconds(1.0, fast) > 0


def test_what_was_waited_is_what_the_system_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = tmp_path / "schedstat"
    monkeypatch.setattr(easing, "_COUNTED", counted)
    counted.write_text("900000000 250000000 7\n")

    with easing.Crowding() as crowding:
        counted.write_text("1900000000 1000000000 9\n")

    assert crowding.seconds == 0.75


def test_nothing_was_waited_where_the_system_does_not_count(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(easing, "_COUNTED", tmp_path / "schedstat")

    assert easing.waited_seconds() == 0.0
