"""Who buys: member codes and customers' addresses of many orders, looked up at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from distributors import customers
from distributors.customers import (
    AddressBook,
    house_account,
    members_by_code,
    members_by_referral_code,
    plain,
)
from distributors.enrolling import Newcomer, Sponsors, member_numbers, newcomer
from distributors.models import Market, Member, Role
from distributors.versions import Version, Versions, new_customer
from orders.errors import UnknownBuyer, UnknownMarket, UnknownReferralCode


@dataclass(frozen=True, slots=True)
class CustomerSent:
    """A buyer whom the storefront knows by address; without a referral code the company's own."""

    name: str
    email: str
    market: str | None
    referral_code: str | None


@dataclass(frozen=True, slots=True)
class Buyer:
    """Who buys and what is true of them then; `newcomer` is set where they would join by it."""

    member: Member
    version: Version | None
    newcomer: Newcomer | None = None


class Buyers:
    """The buyers of many orders. Ten queries at most, however many orders there are.

    Addresses that nobody knows are held until the transaction ends: two requests with one new
    address make one customer. Hold the books first.
    """

    def __init__(self, sent: Iterable[tuple[str | CustomerSent, datetime]]) -> None:
        self._sent = list(sent)
        people = [one for one, _ in self._sent if isinstance(one, CustomerSent)]
        self._members = members_by_code({one for one, _ in self._sent if isinstance(one, str)})
        self._sponsors = members_by_referral_code(
            {one.referral_code for one in people if one.referral_code is not None}
        )
        self._house = house_account() if any(one.referral_code is None for one in people) else None
        asked_for_market = any(one.market is not None for one in people)
        self._markets = Market.objects.in_bulk() if asked_for_market else {}
        self._addresses = AddressBook(one.email for one in people)
        self._unknown = self._hold_unknown()
        self._versions = Versions(member.pk for member in self._everybody())
        self._may_enrol = Sponsors(self._versions) if self._unknown else None
        self._joining: dict[str, Newcomer] = {}

    @property
    def newcomers(self) -> list[Newcomer]:
        """Return those kept so far, who are about to join."""
        return list(self._joining.values())

    def _hold_unknown(self) -> dict[str, int]:
        """Hold the addresses nobody knows; return each that is still unknown, with a new id."""
        if not (unknown := self._addresses_unknown()):
            return {}
        customers.hold(unknown)
        self._addresses.look_up(unknown)
        unknown = self._addresses_unknown()
        return dict(zip(unknown, member_numbers(len(unknown)), strict=True)) if unknown else {}

    def _addresses_unknown(self) -> list[str]:
        found = (
            plain(one.email)
            for one, at in self._sent
            if isinstance(one, CustomerSent) and self._addresses.member_of(one.email, at=at) is None
        )
        return list(dict.fromkeys(found))

    def _everybody(self) -> Iterator[Member]:
        yield from self._members.values()
        for one, at in self._sent:
            if not isinstance(one, CustomerSent):
                continue
            known = self._addresses.member_of(one.email, at=at)
            someone = known or self._introduced_by(one)
            if someone is not None:
                yield someone

    def _introduced_by(self, sent: CustomerSent) -> Member | None:
        if sent.referral_code is None:
            return self._house
        return self._sponsors.get(sent.referral_code.lower())

    def places_of_customers(self) -> list[tuple[int, datetime]]:
        """Return under whom each customer among the buyers sits when they buy, and when."""
        found = []
        for one, at in self._sent:
            if isinstance(one, str):
                member = self._members.get(one)
            else:
                member = self._addresses.member_of(one.email, at=at)
                if member is None and (sponsor := self._introduced_by(one)):
                    found.append((sponsor.pk, at))
            version = self._versions.at(member.pk, at) if member else None
            if version and version.role == Role.CUSTOMER and version.sponsor_id:
                found.append((version.sponsor_id, at))
        return found

    def find(self, sent: str | CustomerSent, *, at: datetime) -> Buyer:
        """Return the buyer at a moment; refused are codes and markets that nobody has.

        Somebody new is refused where the sponsor cannot enrol anybody at that time.
        """
        if isinstance(sent, str):
            member = self._members.get(sent)
            if member is None:
                raise UnknownBuyer(f"There is no member {sent}.", pointer="/buyer")
            return Buyer(member, self._versions.at(member.pk, at))
        sponsor = self._sponsor(sent)
        market = self._market(sent.market)
        if known := self._addresses.member_of(sent.email, at=at):
            return Buyer(known, self._versions.at(known.pk, at))
        return self._new(sent, sponsor, market or sponsor.market, at=at)

    def keep(self, buyer: Buyer) -> None:
        """Remember that a buyer's order was taken: whoever is new joins, and is known from now."""
        if buyer.newcomer is not None:
            self._joining[buyer.newcomer.email] = buyer.newcomer

    def _new(self, sent: CustomerSent, sponsor: Member, market: Market, *, at: datetime) -> Buyer:
        address = plain(sent.email)
        if joining := self._joining.get(address):
            version = new_customer(joining.sponsor.pk, at=joining.joins_at)
            return Buyer(joining.member, version if version.covers(at) else None)
        if self._may_enrol is not None:
            self._may_enrol.refuse_who_may_not_enrol(sponsor, at=at)
        joining = newcomer(
            self._unknown[address],
            name=sent.name,
            email=address,
            sponsor=sponsor,
            market=market,
            at=at,
        )
        return Buyer(joining.member, new_customer(sponsor.pk, at=at), joining)

    def _sponsor(self, sent: CustomerSent) -> Member:
        found = self._introduced_by(sent)
        if found is None and sent.referral_code is None:
            raise UnknownReferralCode(
                "Send a referral code: the company has no place of its own.",
                pointer="/referral_code",
            )
        if found is None:
            raise UnknownReferralCode(
                f"Nobody has the referral code {sent.referral_code}.", pointer="/referral_code"
            )
        return found

    def _market(self, code: str | None) -> Market | None:
        if code is None:
            return None
        found = self._markets.get(code)
        if found is None:
            raise UnknownMarket(f"There is no market {code}.", pointer="/customer/market")
        return found
