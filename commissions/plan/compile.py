"""From a plan's text to the engine's plan, or to all of its mistakes."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from commissions.engine.plan import (
    Asks,
    BonusRule,
    Column,
    CustomerCount,
    Do,
    GroupVolume,
    Orders,
    PersonalVolume,
    Plan,
    Rank,
    Requirement,
    Step,
    Volume,
)
from commissions.engine.rounding import Rounding
from commissions.plan import lint, phrases
from commissions.plan.bonuses import KINDS
from commissions.plan.currencies import EXPONENTS
from commissions.plan.exact import point_value
from commissions.plan.meaning import VOLUMES, Meaning
from commissions.plan.mistakes import Mistakes, Place, PlanError, closest, one_of
from commissions.plan.models import PlanTable, VolumeTable
from commissions.plan.order import Circle, Need, in_order
from commissions.plan.shape import check_shape
from commissions.plan.toml import Node, read_toml

ROUNDING = {
    "half away from zero": Rounding.HALF_AWAY,
    "half to even": Rounding.HALF_EVEN,
    "toward zero": Rounding.TOWARD_ZERO,
}


def read_plan(text: str) -> Plan:
    """Return the plan that a text describes; `PlanError` carries every mistake in it."""
    mistakes = Mistakes()
    root = read_toml(text, mistakes)
    reader = Reader(root, mistakes)
    plan = reader.read(hashlib.sha256(text.encode()).hexdigest())
    if mistakes.found or plan is None:
        raise PlanError(mistakes.in_order())
    return plan


def plan_mistakes(text: str) -> tuple[str, ...]:
    """Return a text's mistakes as sentences, in the order of the text; none if it is good."""
    try:
        read_plan(text)
    except PlanError as error:
        return tuple(map(str, error.mistakes))
    return ()


@dataclass(slots=True)
class Reader:
    """Reads one plan; every part that can be read is looked at, whatever the others are like."""

    root: Node
    mistakes: Mistakes
    needs: list[Need] = field(default_factory=list)
    meaning: Meaning = field(init=False)
    volumes: list[Volume] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.meaning = Meaning(self.mistakes, [])

    def read(self, digest: str) -> Plan | None:
        """Return the plan; None, with mistakes noted, if there is any."""
        top = check_shape(PlanTable, self.root, "", self.mistakes)
        self._names("rank")
        self._names("bonus")
        self.meaning.ranks = [name for node in self._tables("rank") if (name := _name_of(node))]
        self._volumes()
        active = self._requirements(self._table("active"), "active", "active")
        ranks = tuple(
            Rank(_name_of(node), self._requirements(node, f"rank[{k}]", "ranks"))
            for k, node in enumerate(self._tables("rank"), start=1)
        )
        bonuses = self._bonuses()
        steps = self._steps(bonuses)
        if self.mistakes.found or top is None:
            return None
        num, den = point_value(top.point_value, EXPONENTS[top.currency])
        return Plan(
            name=top.name, currency=top.currency, exponent=EXPONENTS[top.currency],
            cadence=top.cadence, point_num=num, point_den=den, rounding=ROUNDING[top.rounding],
            volumes=tuple(self.volumes), counts=tuple(self.meaning.counts), active=active,
            ranks=ranks, bonuses=bonuses, steps=steps, text_digest=digest,
        )  # fmt: skip

    def _table(self, key: str) -> Node | None:
        entry = self.root.value.get(key)
        return entry.node if entry and isinstance(entry.node.value, dict) else None

    def _tables(self, key: str) -> list[Node]:
        entry = self.root.value.get(key)
        if entry is None or not isinstance(entry.node.value, list):
            return []
        return [node for node in entry.node.value if isinstance(node.value, dict)]

    def _names(self, key: str) -> None:
        """Refuse a name that another of its kind has."""
        seen: dict[str, int] = {}
        for k, node in enumerate(self._tables(key), start=1):
            name = _name_of(node)
            if name in seen:
                self.mistakes.add(
                    node.value["name"].node.place, f"{key}[{k}].name",
                    f'"{name}" is the name of the one in line {seen[name]} already.',
                    "Write another name.",
                )  # fmt: skip
            elif name:
                seen[name] = node.value["name"].node.place.line

    def _volumes(self) -> None:
        node = self._table("volume")
        for name, model in VolumeTable.model_fields.items():
            entry = node.value.get(name) if node else None
            text = entry.node.value if entry else model.default
            self.volumes.append(self._volume(name, text, entry.node if entry else None))

    def _volume(self, name: str, text: object, node: Node | None) -> Volume:
        """Return a volume; one that cannot be read stands in with what its default says."""
        place = node.place if node else Place(1, 1)
        is_group = name == "GV"
        try:
            phrase = phrases.read_volume(text if isinstance(text, str) else "")
        except phrases.BadPhrase:
            return _stand_in(name)
        if phrase.column is not None and not is_group:
            return PersonalVolume(name, phrase.column, phrase.orders)
        if phrase.of in VOLUMES and is_group:
            self.needs.append(Need(name, phrase.of, place))
            return GroupVolume(name, VOLUMES.index(phrase.of))
        if phrase.of and phrase.of not in VOLUMES:
            self.mistakes.add(place, f"volume.{name}", f'There is no volume "{phrase.of}".',
                              f"Write {one_of(VOLUMES)}.", closest(phrase.of, VOLUMES))  # fmt: skip
        else:
            wanted = "a group volume" if is_group else "a personal volume"
            self.mistakes.add(place, f"volume.{name}", f"{name} is {wanted}.",
                              f'Write something like "{VolumeTable.model_fields[name].default}".')  # fmt: skip # noqa: E501
        return _stand_in(name)

    def _requirements(self, node: Node | None, path: str, step: str) -> tuple[Requirement, ...]:
        entry = node.value.get("require") if node else None
        if entry is None or not isinstance(entry.node.value, list):
            return ()
        return tuple(
            requirement
            for k, item in enumerate(entry.node.value, start=1)
            if isinstance(item.value, str)
            and (requirement := self._requirement(item, f"{path}.require[{k}]", step))
        )

    def _requirement(self, node: Node, path: str, step: str) -> Requirement | None:
        try:
            phrase = phrases.read_requirement(node.value)
        except phrases.BadPhrase:
            return None
        if phrase.asks == Asks.ACTIVE:
            self.needs.append(Need(step, "active", node.place))
            return Requirement(Asks.ACTIVE, 0, 1, node.value)
        place = node.inside(phrase.volume_at)
        if phrase.volume not in VOLUMES:
            self.mistakes.add(place, path, f'There is no volume "{phrase.volume}".',
                              f"Write {one_of(VOLUMES)}.", closest(phrase.volume, VOLUMES))  # fmt: skip # noqa: E501
            return None
        self.needs.append(Need(step, phrase.volume, node.place))
        index = VOLUMES.index(phrase.volume)
        if phrase.asks == Asks.VOLUME:
            return Requirement(Asks.VOLUME, index, phrase.points, node.value)
        return self._customers(node, path, phrase, index)

    def _customers(
        self, node: Node, path: str, phrase: phrases.RequirementPhrase, index: int
    ) -> Requirement | None:
        volume = self.volumes[index]
        if not isinstance(volume, PersonalVolume) or volume.orders == Orders.OWN:
            self.mistakes.add(
                node.inside(phrase.volume_at), path, f"{phrase.volume} has no customers' orders.",
                'Write "PV" or "CV", made of customers\' orders.',
            )  # fmt: skip
            return None
        count = CustomerCount(index, phrase.points, phrase.counts)
        same = [(old.volume, old.at_least) for old in self.meaning.counts]
        if (count.volume, count.at_least) not in same:
            same.append((count.volume, count.at_least))
            self.meaning.counts.append(count)
        at = same.index((count.volume, count.at_least))
        return Requirement(Asks.CUSTOMERS, at, phrase.number, node.value)

    def _bonuses(self) -> tuple[BonusRule, ...]:
        bonuses: list[BonusRule] = []
        worst: dict[str, int] = {}
        for k, node in enumerate(self._tables("bonus"), start=1):
            rule = self._bonus(node, f"bonus[{k}]")
            if rule is None:
                continue
            bonuses.append(rule)
            worst[rule.name] = KINDS[node.value["kind"].node.value].worst_case_ppm(rule)
            if sum(worst.values()) > lint.WHOLE_PPM:
                lint.check_worst_case(worst, node.place, self.mistakes)
                worst.clear()
        return tuple(bonuses)

    def _bonus(self, node: Node, path: str) -> BonusRule | None:
        kind = node.value.get("kind")
        if node.broken or (kind is not None and kind.node.broken):
            return None
        if kind is None or kind.node.value not in KINDS:
            self._refuse_kind(node, path)
            return None
        base = node.value.get("pays_on")
        if base and isinstance(base.node.value, str) and lint.is_pay_for_joining(base.node.value):
            self.mistakes.add(base.node.place, f"{path}.pays_on",
                              f'"{base.node.value}" may not be paid on. {lint.WHY_NOT}',
                              "Pay on the volume of sales, \"CV\".")  # fmt: skip
            base.node.broken = True
        known = KINDS[kind.node.value]
        table = check_shape(known.table, node, path, self.mistakes)
        known.check(node, path, self.meaning)
        return known.compile(table, self.meaning) if table else None

    def _refuse_kind(self, node: Node, path: str) -> None:
        entry = node.value.get("kind")
        if entry is None:
            self.mistakes.add(node.place, f"{path}.kind", 'The key "kind" is missing.',
                              f"Write kind = {one_of(KINDS)}.")  # fmt: skip
            return
        kind, remedy = entry.node.value, f"Write {one_of(KINDS)}."
        if isinstance(kind, str) and lint.is_pay_for_joining(kind):
            problem = f'A bonus of the kind "{kind}" is refused. {lint.WHY_NOT}'
            remedy = "Pay on sales instead."
        elif isinstance(kind, str) and kind.replace("_", "-") in lint.LATER_KINDS:
            problem = f'The kind "{kind}" is not supported yet, and nothing in a plan is ignored.'
        else:
            problem = f'There is no kind of bonus "{kind}".'
        self.mistakes.add(entry.node.place, f"{path}.kind", problem, remedy,
                          closest(str(kind), KINDS))  # fmt: skip

    def _steps(self, bonuses: tuple[BonusRule, ...]) -> tuple[Step, ...]:
        steps = {name: Step(Do.VOLUME, index) for index, name in enumerate(VOLUMES)}
        steps["active"] = Step(Do.ACTIVE)
        steps["ranks"] = Step(Do.RANKS)
        for index in range(len(bonuses)):
            name = f"bonus {index}"
            steps[name] = Step(Do.BONUS, index)
            self.needs += [Need(name, needed, Place(1, 1)) for needed in ("active", "ranks", "CV")]
        while True:
            try:
                return in_order(steps, self.needs)
            except Circle as circle:
                self.needs.remove(circle.need)
                self.mistakes.add(
                    circle.need.place, circle.need.step,
                    f"This goes round in a circle: {circle}.", "Take one of them out.",
                )  # fmt: skip


def _name_of(node: Node) -> str:
    entry = node.value.get("name")
    return entry.node.value if entry and isinstance(entry.node.value, str) else ""


def _stand_in(name: str) -> Volume:
    if name == "GV":
        return GroupVolume(name, 0)
    return PersonalVolume(name, Column[name], Orders.BOTH)
