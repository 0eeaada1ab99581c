"""Reads a correct plan. Mistakes are the business of the real reader; here they are a KeyError."""

import tomllib
from dataclasses import replace
from fractions import Fraction
from typing import Any

from tests.oracle.money import ROUNDINGS, decimals_of, per_cent
from tests.oracle.phrases import OverTime, Requirement, Volume
from tests.oracle.plan import (
    Bonus,
    BonusCap,
    Cap,
    Deduction,
    Limit,
    Market,
    MarketBonus,
    Plan,
    Rank,
    RankRules,
    Rate,
    Rates,
    TreeRules,
)
from tests.oracle.reading_requirements import Names, read_people, read_requirements
from tests.oracle.reading_volumes import read_reserve, read_volume, read_weighted

DEFAULT_VOLUMES = {
    "PV": "pv of own and customers' orders",
    "CV": "cv of own and customers' orders",
    "GV": "PV of self and downline",
}
ON_RETURN = {"binary": "volume"} | dict.fromkeys(
    ("pool", "reward", "structure", "full-level"), "share"
)
BY_GRADE = ("rates", "own_group", "pays")


def read_plan(text: str) -> Plan:
    """Return the plan that the TOML says."""
    return Reader(tomllib.loads(text)).plan()


class Reader:
    """Reads the tables of one plan; knows its currency and the names of its volumes."""

    def __init__(self, toml: dict[str, Any]) -> None:
        self.toml = toml
        self.decimals = decimals_of(toml["currency"])
        self.volumes = {**DEFAULT_VOLUMES, **toml.get("volume", {})}
        said = {name: each for name, each in self.volumes.items() if isinstance(each, str)}
        self.names = Names(self.volumes, said)

    def plan(self) -> Plan:
        """Return the plan, with volumes over a lifetime that its requirements name as they go."""
        plan = self.what_is_said()
        unnamed = {name: OverTime(of, "lifetime") for name, of in self.names.without_name.items()}
        return replace(plan, volumes={**plan.volumes, **unnamed})

    def what_is_said(self) -> Plan:
        toml = self.toml
        return Plan(
            decimals=self.decimals,
            cadence=toml["cadence"],
            point_value=Fraction(toml.get("point_value", "1.00")),
            rounded=ROUNDINGS[toml.get("rounding", "half away from zero")],
            late_returns=toml.get("late_returns", "leave volume"),
            trees=self.trees(),
            volumes={name: self.volume(said) for name, said in self.volumes.items()},
            active=self.all_of(toml.get("active", {}).get("require", [])),
            ranks=tuple(self.rank(rank) for rank in toml.get("rank", [])),
            rank_rules=RankRules(**toml.get("ranks", {})),
            bonuses=tuple(self.bonus(bonus) for bonus in toml.get("bonus", [])),
            cap=self.cap(toml.get("cap", {})),
            deductions=tuple(
                Deduction(each["name"], per_cent(each["rate"]))
                for each in toml.get("deduction", [])
            ),
            markets={code: self.market(said) for code, said in toml.get("market", {}).items()},
        )

    def all_of(self, phrases: list[str]) -> Requirement:
        return read_requirements(phrases, self.names)

    def all_of_if_said(self, phrases: list[str] | None) -> Requirement | None:
        return None if phrases is None else self.all_of(phrases)

    def money(self, text: str) -> int:
        return int(Fraction(text) * 10**self.decimals)

    def money_if_said(self, text: str | None) -> int | None:
        return None if text is None else self.money(text)

    def trees(self) -> dict[str, TreeRules]:
        always = {name: TreeRules(name, "members") for name in ("sponsor", "enroller")}
        return always | {
            name: TreeRules(name, **{"width": 2 if said["kind"] == "binary" else 0, **said})
            for name, said in self.toml.get("tree", {}).items()
        }

    def volume(self, said: str | dict[str, Any]) -> Volume:
        if isinstance(said, str):
            return read_volume(said)
        if "at_once" in said:
            return read_reserve(said)
        return read_weighted(said, self.all_of(said.get("who", [])))

    def rank(self, said: dict[str, Any]) -> Rank:
        maintain = self.all_of_if_said(said.get("maintain"))
        return Rank(said["name"], self.all_of(said["require"]), maintain)

    def bonus(self, said: dict[str, Any]) -> Bonus:
        kind, rates_by = said["kind"], said.get("rates_by", "paid-as")
        leaders = said.get("leaders")
        return Bonus(
            name=said["name"],
            kind=kind,
            paid_to=said.get("paid_to", "active"),
            requires=self.all_of(said.get("requires", [])),
            round_at=said.get("round_at", "line"),
            on_return=said.get("on_return", ON_RETURN.get(kind, "line")),
            cadence=said.get("cadence", self.toml["cadence"]),
            part=per_cent(said.get("part", "100%")),
            cap=self.bonus_cap(said.get("cap", {}), rates_by),
            rates_by=rates_by,
            tables=self.tables(said, rates_by),
            keys=said | self.tiers_from(said),
            leaders=self.all_of(leaders) if isinstance(leaders, list) else None,
            counted=self.all_of(said.get("counted", ["active"])),
            person=self.all_of(said.get("person", [])),
            head=self.all_of(said.get("head", [])),
            for_each=read_people(said["for_each"], self.names) if "for_each" in said else None,
        )

    def tiers_from(self, said: dict[str, Any]) -> dict[str, str]:
        """Return the name of the volume that a marginal count begins with."""
        volume = said.get("tiers_from", "")
        if not volume.startswith("lifetime "):
            return {}
        return {"tiers_from": self.names.lifetime(volume.removeprefix("lifetime "))}

    def tables(self, said: dict[str, Any], rates_by: str) -> dict[str, Rates]:
        """Return what is by grade, by key; a cycle's step has its pay under `cycle 1`."""
        tables = {key: self.rates(said[key], rates_by) for key in BY_GRADE if key in said}
        for number, step in enumerate(said.get("cycle", []), 1):
            tables[f"cycle {number}"] = self.rates(step["pays"], rates_by)
        if "tiers" in said:
            tables["tiers"] = self.by_threshold(said["tiers"])
        return tables

    def rates(self, said: str | list[str] | dict[str, Any], rates_by: str) -> Rates:
        if not isinstance(said, dict):
            return Rates("everybody", {None: self.row(said)})
        if rates_by in self.volumes:
            return self.by_threshold(said)
        return Rates("rank", {rank: self.row(row) for rank, row in said.items()})

    def by_threshold(self, said: dict[str, Any]) -> Rates:
        return Rates("volume", {Fraction(points): self.row(row) for points, row in said.items()})

    def row(self, said: str | list[str]) -> tuple[Rate, ...]:
        return tuple(map(self.rate, [said] if isinstance(said, str) else said))

    def rate(self, text: str) -> Rate:
        return Rate(per_cent(text)) if text.endswith("%") else Rate(money=self.money(text))

    def bonus_cap(self, said: dict[str, Any], rates_by: str) -> BonusCap:
        per_earner = said.get("per_earner")
        return BonusCap(
            per_earner=None if per_earner is None else self.rates(per_earner, rates_by),
            per_holder=self.money_if_said(said.get("per_holder")),
            per_buyer=tuple(map(self.money, said.get("per_buyer", []))),
            total=self.limit(said.get("total")),
        )

    def cap(self, said: dict[str, Any]) -> Cap:
        return Cap(
            per_earner=self.money_if_said(said.get("per_earner")),
            per_holder=self.money_if_said(said.get("per_holder")),
            payout=self.limit(said.get("payout")),
            inside=tuple(said["inside"]) if "inside" in said else None,
        )

    def limit(self, text: str | None) -> Limit | None:
        if text is None:
            return None
        if "%" not in text:
            return Limit(money=self.money(text))
        rate, volume = text.split(" of ")
        return Limit(per_cent=per_cent(rate), volume=volume)

    def market(self, said: dict[str, Any]) -> Market:
        return Market(
            leave_out=tuple(said.get("leave_out", [])),
            active=self.all_of_if_said(said.get("active", {}).get("require")),
            ranks={
                name: (
                    self.all_of_if_said(rank.get("require")),
                    self.all_of_if_said(rank.get("maintain")),
                )
                for name, rank in said.get("rank", {}).items()
            },
            bonuses={
                name: self.market_bonus(name, bonus)
                for name, bonus in said.get("bonus", {}).items()
            },
            per_earner=self.money_if_said(said.get("cap", {}).get("per_earner")),
        )

    def market_bonus(self, name: str, said: dict[str, Any]) -> MarketBonus:
        bonus = next(each for each in self.toml["bonus"] if each["name"] == name)
        rates_by = bonus.get("rates_by", "paid-as")
        per_earner = said.get("cap", {}).get("per_earner")
        return MarketBonus(
            requires=self.all_of_if_said(said.get("requires")),
            tables=self.tables(said, rates_by),
            per_earner=None if per_earner is None else self.rates(per_earner, rates_by),
        )
