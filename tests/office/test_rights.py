"""Every page is for somebody, and for nobody else. Each address of office.urls is tried here."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from commissions.models import Explanation, Period
from distributors.models import BusinessEvent, Member, MemberVersion, Status
from distributors.services import change_status
from office.access import Rule, page
from office.urls import urlpatterns
from office.views.pulse import token_of
from tests.office.world import World, answered, client_of

pytestmark = pytest.mark.django_db

NAMES = [str(pattern.name) for pattern in urlpatterns]
RULES: dict[str, Rule] = {
    str(pattern.name): pattern.callback.rule  # type: ignore[attr-defined]  # `page` has made sure
    for pattern in urlpatterns
}
# What a GET of an open page answers where it is not a plain 200
OTHERWISE = {"sign-out": 405}


def address(name: str, world: World) -> str:
    """Return where Alice finds a page with something on it."""
    return address_in(name, world.period, below=world.cast.bob)


def address_in(name: str, period: Period, *, below: Member) -> str:
    """Return where a page is found; of pages about somebody, that of the member below."""
    where = {"kind": period.type_id, "label": period.label}
    needs: dict[str, dict[str, Any]] = {
        "live-figures": {"mark": "1.1"},
        "own-pulse": {"token": token_of(below, None)},
        "period": where,
        "lines": where,
        "missed": where,
        "volume": where,
        "volume-named": where | {"name": "CV"},
        "level-lines": where | {"bonus": 0, "level": 1},
        "team-of": {"code": below.code},
        "team-rows": {"code": below.code},
        "referral": {"code": below.referral_code},
    }
    return reverse(name, kwargs=needs.get(name))


def test_a_page_without_a_rule_is_refused() -> None:
    with pytest.raises(TypeError, match="has no rule"):
        page("secret/", lambda request: None, "secret")  # type: ignore[arg-type,return-value]  # a view as careless as can be


def test_strangers_are_asked_to_sign_in(world: World) -> None:
    for name in NAMES:
        response = Client().get(address(name, world))

        if RULES[name] == Rule.EVERYONE:
            assert response.status_code == OTHERWISE.get(name, 200), name
        else:
            assert response.status_code == 302, name
            assert response.headers["Location"].startswith("/sign-in/?next="), name


def test_customers_see_what_is_for_members(world: World) -> None:
    client = client_of(world.cleo)

    for name in NAMES:
        response = client.get(address(name, world))

        if RULES[name] == Rule.DISTRIBUTORS:
            assert response.status_code == 404, name
        else:
            assert response.status_code in {200, 302, OTHERWISE.get(name)}, name


def test_staff_without_a_place_see_no_page_of_members(world: World) -> None:
    client = Client()
    client.force_login(User.objects.create_user("staff@example.com", "x", is_staff=True))

    for name in NAMES:
        response = client.get(address(name, world))

        if RULES[name] in {Rule.MEMBERS, Rule.DISTRIBUTORS}:
            assert response.status_code == 404, name
        elif name == "home":
            assert response.headers["Location"] == "/admin/"
        else:
            assert response.status_code in {200, 302, OTHERWISE.get(name)}, name


def test_distributors_see_their_own_pages(world: World) -> None:
    answered(world.run, world.cast.alice)
    client = client_of(world.cast.alice)

    for name in NAMES:
        response = client.get(address(name, world))

        sent_home = name in {"sign-in", "agreement"}
        assert response.status_code == (302 if sent_home else OTHERWISE.get(name, 200)), name


def test_a_terminated_member_is_told_that_the_place_is_closed(world: World) -> None:
    client = client_of(world.cast.alice)
    now = timezone.now()
    change_status(
        world.cast.alice, Status.TERMINATED, effective_from=now, reason="left", actor=None, at=now
    )

    for name in NAMES:
        if RULES[name] != Rule.EVERYONE:
            response = client.get(address(name, world))

            assert response.status_code == 403, name
            assert "This place is closed" in response.content.decode(), name


def test_another_line_does_not_exist(world: World) -> None:
    """Olga is in another line, Carl beside Bob, Dora below him: Bob is below none of them."""
    for outsider in (world.olga, world.cast.carl, world.cast.dora):
        client = client_of(outsider)
        for name in ("team-of", "team-rows"):
            assert client.get(address(name, world)).status_code == 404, (outsider, name)


def test_figures_are_ones_own(world: World) -> None:
    """Whatever is on Alice's pages, nobody of her team and none of it is on Olga's."""
    answered(world.run, world.olga)
    answered(world.run, world.cast.alice)
    alice, olga = client_of(world.cast.alice), client_of(world.olga)

    for name in ("period", "lines", "missed", "volume", "level-lines", "earnings", "home"):
        hers = alice.get(address(name, world)).content.decode()
        others = olga.get(address(name, world), follow=True).content.decode()

        for person in (world.cast.bob, world.cast.dora, world.cleo):
            assert person.name not in others, name
            assert person.code not in others, name
        assert hers != others, name


def test_looking_changes_nothing(world: World) -> None:
    client = client_of(world.cast.alice)
    before = counts()

    for name in NAMES:
        client.get(address(name, world))

        assert counts() == before, name


def counts() -> list[int]:
    return [model.objects.count() for model in (Explanation, MemberVersion, BusinessEvent, User)]


def test_pages_that_depend_on_who_looks_are_kept_by_no_cache(world: World) -> None:
    response = client_of(world.cast.alice).get("/")

    assert "no-store" in response.headers["Cache-Control"]
    assert "private" in response.headers["Cache-Control"]


def test_a_user_who_acts_for_nobody_is_told_so(db: None) -> None:
    client = Client()
    client.force_login(User.objects.create_user("lost@example.com", "x"))

    response = client.get("/")

    assert response.status_code == 403
    assert "No place yet" in response.content.decode()


def test_a_seat_ends_with_its_holding(world: World) -> None:
    client = client_of(world.cast.alice)
    assert client.get("/team/").status_code == 200
    holding = world.cast.alice.holdings.get()
    holding.effective_until = timezone.now()
    holding.save(update_fields=["effective_until"])

    assert client.get("/team/").status_code == 404
