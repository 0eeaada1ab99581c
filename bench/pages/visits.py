"""Who looks at which page: every address of the URL configuration, as every kind of reader.

`REASONS` says of each address that is left out why; one that is in neither place ends the
measuring.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from django.urls import URLPattern, URLResolver, get_resolver, reverse

LEADERS: Final = "top leaders"
HOUSE: Final = "house account"
MIDDLE: Final = "middle members"
NEWCOMERS: Final = "newcomers"
CUSTOMERS: Final = "customers"
STAFF: Final = "staff"
STOREFRONT: Final = "storefront"
DISTRIBUTORS: Final = (LEADERS, HOUSE, MIDDLE, NEWCOMERS)
MEMBERS: Final = (*DISTRIBUTORS, CUSTOMERS)


@dataclass(frozen=True, slots=True)
class Reader:
    """Somebody who looks: a member with some of those below, or for staff anybody's codes."""

    role: str
    pk: int
    code: str
    referral_code: str
    name: str
    downline: int
    below: Sequence[str] = ()
    orders: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Scene:
    """What the addresses speak of besides the reader."""

    kind: str
    posted: str
    running: str
    mark: str
    volumes: Sequence[str]
    orders: Sequence[str]
    keys: Mapping[str, Sequence[int]]
    tokens: Mapping[int, str]
    with_lines: Collection[int]


Where = Callable[[Reader, Scene], Iterator[tuple[str, str]]]
"""Yields a word for the variant, and its address."""


def _plain(name: str) -> Where:
    def where(reader: Reader, scene: Scene) -> Iterator[tuple[str, str]]:
        yield "", reverse(name)

    return where


def _own_pulse(reader: Reader, scene: Scene) -> Iterator[tuple[str, str]]:
    if reader.pk in scene.tokens:
        yield "", reverse("own-pulse", args=[scene.tokens[reader.pk]])


def _live(reader: Reader, scene: Scene) -> Iterator[tuple[str, str]]:
    yield "nothing new", reverse("live-figures", args=[scene.mark])
    yield "new figures", reverse("live-figures", args=["0.0"])


def _orders(reader: Reader, scene: Scene) -> Iterator[tuple[str, str]]:
    yield "", reverse("orders")
    yield "page 3", reverse("orders") + "?page=3"


def _of_period(name: str, *pages: int) -> Where:
    def where(reader: Reader, scene: Scene) -> Iterator[tuple[str, str]]:
        for word, label in (("posted", scene.posted), ("open", scene.running)):
            address = reverse(name, args=[scene.kind, label])
            yield word, address
            yield from ((f"{word}, page {page}", f"{address}?page={page}") for page in pages)

    return where


def _named_volume(reader: Reader, scene: Scene) -> Iterator[tuple[str, str]]:
    for name in scene.volumes:
        yield name, reverse("volume-named", args=[scene.kind, scene.posted, name])


def _level(reader: Reader, scene: Scene) -> Iterator[tuple[str, str]]:
    for level in (1, 2) if reader.pk in scene.with_lines else ():
        yield f"level {level}", reverse("level-lines", args=[scene.kind, scene.posted, 0, level])


def _team(reader: Reader, scene: Scene) -> Iterator[tuple[str, str]]:
    yield "", reverse("team")
    for word, text in (
        ("search: a common part of a name", "an"),
        ("search: first and last name", reader.name),
        ("search: nobody's name", "Zyxwv Qponm"),
        ("search: a code", reader.below[-1][:5] if reader.below else reader.code[:5]),
    ):
        yield word, f"{reverse('team')}?q={quote(text)}"


def _team_list(reader: Reader, scene: Scene) -> Iterator[tuple[str, str]]:
    for query in (
        "",
        "?page=5",
        "?order=newest&role=distributor",
        "?order=rank&active=yes",
        "?rank=2&days=90",
        *(f"?order={order}&role=distributor" for order in scene.orders),
    ):
        yield query, reverse("team-list") + query


def _team_of(name: str) -> Where:
    def where(reader: Reader, scene: Scene) -> Iterator[tuple[str, str]]:
        own = reverse(name, args=[reader.code])
        if name == "team-rows":
            yield "own", own
        if len(reader.below) > 1:
            yield "second page", f"{own}?after={reader.below[0]}"
        if reader.below:
            yield "somebody deep down", reverse(name, args=[reader.below[-1]])

    return where


def _referral(reader: Reader, scene: Scene) -> Iterator[tuple[str, str]]:
    yield "", reverse("referral", args=[reader.referral_code])


MEMBER_PAGES: Final[Mapping[str, tuple[tuple[str, ...], Where]]] = {
    "home": (MEMBERS, _plain("home")),
    "banner": (DISTRIBUTORS, _plain("banner")),
    "pulse": (DISTRIBUTORS, _plain("pulse")),
    "own-pulse": (DISTRIBUTORS, _own_pulse),
    "live-figures": (DISTRIBUTORS, _live),
    "account": (MEMBERS, _plain("account")),
    "password": (MEMBERS, _plain("password")),
    "orders": (MEMBERS, _orders),
    "earnings": (DISTRIBUTORS, _plain("earnings")),
    "period": (DISTRIBUTORS, _of_period("period")),
    "lines": (DISTRIBUTORS, _of_period("lines")),
    "missed": (DISTRIBUTORS, _of_period("missed", 2)),
    "volume": (DISTRIBUTORS, _of_period("volume", 2)),
    "volume-named": (DISTRIBUTORS, _named_volume),
    "level-lines": (DISTRIBUTORS, _level),
    "team": (DISTRIBUTORS, _team),
    "team-list": (DISTRIBUTORS, _team_list),
    "team-of": (DISTRIBUTORS, _team_of("team-of")),
    "team-rows": (DISTRIBUTORS, _team_of("team-rows")),
    "link": (DISTRIBUTORS, _plain("link")),
    "link-qr": (DISTRIBUTORS, _plain("link-qr")),
    "referral": (MEMBERS, _referral),
    "join": (MEMBERS, _plain("join")),
    "agreement": ((CUSTOMERS,), _plain("agreement")),
    "how-we-are-paid": (MEMBERS, _plain("how-we-are-paid")),
}


def _api(name: str, *tails: str) -> Where:
    def where(reader: Reader, scene: Scene) -> Iterator[tuple[str, str]]:
        for tail in tails:
            yield tail, reverse(name) + tail

    return where


def _api_member(name: str) -> Where:
    def where(reader: Reader, scene: Scene) -> Iterator[tuple[str, str]]:
        address = reverse(name, args=[reader.code])
        yield "", address
        if name != "api-member":
            yield "posted", f"{address}?period={scene.posted}"

    return where


def _api_order(name: str) -> Where:
    def where(reader: Reader, scene: Scene) -> Iterator[tuple[str, str]]:
        for code in reader.orders[:1]:
            yield "", reverse(name, args=[code])

    return where


API_PAGES: Final[Mapping[str, Where]] = {
    "api-member": _api_member("api-member"),
    "api-member-standing": _api_member("api-member-standing"),
    "api-member-missed": _api_member("api-member-missed"),
    "api-orders": _api(
        "api-orders",
        "?limit=50",
        "?limit=200",
        "?updated_since=2026-01-01T00:00:00Z",
        "?external_id=nobodys",
    ),
    "api-order": _api_order("api-order"),
    "api-products": _api("api-products", "?market=US"),
    "api-schema": _api("api-schema", ""),
    "api-docs": _api("api-docs", ""),
    "api-problems": _api("api-problems", ""),
}

# Of lists of the company's side, what else is asked of them: the part of the address after `?`
LISTS: Final[Mapping[str, Sequence[str]]] = {
    "distributors_member": (
        "p=100", "role=distributor", "role=customer", "status=active", "status=terminated",
        "market__code__exact=US", "is_house__exact=1", "q={code5}", "q=an", "q={name}", "q=zyxwv",
        "q=nobody@example.com", "role=customer&q=an",
    ),
    "distributors_party": ("p=100", "q=an", "q={name}", "q=nobody@example.com"),
    "distributors_holding": ("p=100",),
    "distributors_businessevent": ("q=member_moved", "member__id__exact={pk}"),
    "orders_order": (
        "p=100", "status__exact=paid", "status__exact=placed", "market__code__exact=CA",
        "storefront__id__exact=1", "q={order}", "q={code}", "q=nobody", "buyer__id__exact={pk}",
        "credited__id__exact={pk}", "ordered_at__gte=2026-11-01+00%3A00%3A00%2B00%3A00",
        "status__exact=placed&market__code__exact=US",
    ),
    "commissions_run": ("kind__exact=live", "q={posted}"),
    "commissions_period": ("status__exact=open", "q={posted}"),
    "accounts_user": ("q=an", "is_staff__exact=1"),
}  # fmt: skip


def staff_pages(name: str, reader: Reader, scene: Scene) -> Iterator[tuple[str, str]]:
    """Yield the variants of one address of the company's side."""
    model, _, page = name.rpartition("_")
    if page == "changelist":
        address = reverse(f"admin:{name}")
        yield "", address
        for query in LISTS.get(model, ()):
            yield query, f"{address}?{_filled(query, reader, scene)}"
    elif page in ("change", "history"):
        keys = scene.keys.get(model, ())
        for key in keys[:1] if model != "distributors_member" else [reader.pk]:
            yield "", reverse(f"admin:{name}", args=[key])
    else:
        yield "", reverse(f"admin:{name}")


def _filled(query: str, reader: Reader, scene: Scene) -> str:
    return query.format(
        code=reader.code,
        code5=reader.code[:5],
        name=quote(reader.name),
        pk=reader.pk,
        order=reader.orders[0] if reader.orders else "none",
        posted=scene.posted,
    )


REASONS: Final[Mapping[str, str]] = {
    "sign-in": "sends on whoever is signed in",
    "sign-out": "takes POST only",
    "api-orders-bulk": "takes POST only",
    "api-order-pay": "takes POST only",
    "api-order-returns": "takes POST only",
    "login": "sends on whoever is signed in",
    "logout": "takes POST only",
    "password_change_done": "says that something is done",
    "jsi18n": "a script, the same for everybody",
    "app_list": "a part of the first page of the company's side",
    "view_on_site": "nothing has a page of its own outside",
    "autocomplete": "no list of the company's side asks it",
    "auth_user_password_change": "for superusers, one row by its key",
    "commissions_planversion_check": "takes POST only",
    "commissions_planversion_check_new": "takes POST only",
    "_delete": "nobody may delete",
    "_deed": "a form about one row; what it does is not reading",
    "_add": "an empty form, or refused",
}
STAFF_ALONE: Final = ("index", "password_change", "commissions_planversion_start")


def reason(name: str) -> str:
    """Return why an address is left out; nothing if it is not."""
    for left_out, why in REASONS.items():
        if name == left_out or (left_out.startswith("_") and name.endswith(left_out)):
            return why
    return ""


def names() -> list[str]:
    """Return the name of every address that has one, in the order of the URL configuration."""
    return list(dict.fromkeys(name for name in _walk(get_resolver().url_patterns) if name))


def _walk(patterns: Sequence[Any]) -> Iterator[str]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            yield str(pattern.name or "")


def forgotten() -> list[str]:
    """Return the addresses that are neither visited nor left out for a reason."""
    return [name for name in names() if not (reason(name) or is_visited(name))]


def is_visited(name: str) -> bool:
    """Tell whether an address is asked for."""
    return name in MEMBER_PAGES or name in API_PAGES or is_of_staff(name)


def is_of_staff(name: str) -> bool:
    """Tell whether an address is of the company's side, and asked for."""
    return name in STAFF_ALONE or name.rpartition("_")[2] in ("changelist", "change", "history")
