"""Which options of kinds of bonus mattered: the bonus paid, was limited, or gave something back."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, Literal, Union, get_args, get_origin

from commissions.plan.bonuses import KINDS
from tests.oracle.drawing.case import Case
from tests.oracle.lines import Answer
from tests.oracle.plan import Bonus, Plan, Rates

Cell = tuple[str, str, str]
TREES = ["sponsor", "enroller", "binary", "matrix", "free", "pass-up"]
GRADES = ["for everybody", "by rank", "by a volume"]
NOT_OPTIONS = ("name", "kind", "paid_to_nobody")
FORMS: dict[str, list[str]] = {
    "requires": ["said"],
    "pays_on": ["orders", "a sum", "pv", "cv", "another column"],
    "tree": TREES,
    "rates_by": ["paid-as", "title", "highest", "a volume"],
    "rates": GRADES,
    "own_group": GRADES,
    "pays": GRADES,
    "cadence": ["a shorter rhythm"],
    "part": ["said"],
    "cap": ["per_earner", "per_earner by grade", "per_holder", "total of a volume", "total money"],
    "tiers": ["one", "several", "from 0", "money"],
    "tiers_from": ["said"],
    "within": ["days", "months", "first order"],
    "stop_at": ["said"],
    "from_level": ["0", "1", "2"],
    "breakaway": ["said"],
    "leaders": ["requirements", "rank of the earner"],
    "minimum": ["said"],
    "guarantee": ["said"],
    "from": ["0", "1", "2", "3"],
    "of": ["one", "several", "matching", "a shorter rhythm"],
    "cycle": ["one step", "several steps", "money", "a rate", "of", "1:1", "n:1"],
    "most_cycles": ["said"],
    "carry_most": ["said"],
    "carry_expires": ["1", "2"],
    "counted": ["said", "left out"],
    "width": ["1", "2", "3"],
    "person": ["said"],
    "head": ["said"],
    "fund": ["a sale volume", "another volume"],
    "shares": ["equal", "a volume"],
    "places": ["said"],
    "for_each": ["frontline", "enrolled", "downline", "legs"],
}
"""The forms of keys that have no list of words."""

OF_A_KIND: dict[tuple[str, str], list[str]] = {
    ("unilevel", "rates"): [*GRADES, "money"],
    ("unilevel", "rates_by"): [*FORMS["rates_by"], "seller's paid-as"],
    ("unilevel", "cap"): [*FORMS["cap"], "per_buyer"],
    ("fast-start", "cap"): [*FORMS["cap"], "per_buyer"],
    ("fast-start", "rates"): [*GRADES, "money"],
    ("retail", "rates"): [*GRADES, "money"],
    ("personal", "rates"): [*GRADES, "money"],
    ("full-level", "rates"): [*GRADES, "money"],
    ("full-level", "tree"): ["binary", "matrix"],
    ("binary", "tree"): ["binary"],
    ("structure", "pays"): ["one stage", "several stages"],
    ("infinity", "leaders"): ["requirements"],
    ("reward", "within"): ["days", "months"],
}


def all_of_bonuses() -> Iterator[Cell]:
    """Yield every option of every key of every kind."""
    for kind, known in KINDS.items():
        for name, field in known.table.model_fields.items():
            key = field.alias or name
            if key not in NOT_OPTIONS:
                for form in forms(kind, key, field.annotation):
                    yield kind, key, form


def forms(kind: str, key: str, annotation: Any) -> list[str]:
    """Return what may stand at a key: its words, true and false, or the forms it has here.

    Of `on_return` and `round_at` a kind may know one word only, which then is no option.
    """
    if (kind, key) in OF_A_KIND or key in FORMS:
        return OF_A_KIND.get((kind, key)) or FORMS[key]
    return ["true", "false"] if annotation is bool else list(words_of(annotation))


def words_of(annotation: Any) -> tuple[str, ...]:
    if get_origin(annotation) is Literal:
        return get_args(annotation)
    if get_origin(annotation) is Union:
        return tuple(word for part in get_args(annotation) for word in words_of(part))
    return ()


def hit_of_bonuses(case: Case, answers: Sequence[Answer]) -> Iterator[Cell]:
    if not answers:
        return
    plan = answers[0].run.plan
    for said, bonus in zip(case.plan.get("bonus", []), plan.bonuses, strict=True):
        facts = Facts(bonus, answers)
        fields = KINDS[bonus.kind].table.model_fields
        for name, field in fields.items():
            key = field.alias or name
            if key in NOT_OPTIONS:
                continue
            default = None if field.is_required() else field.default
            value = said.get(key, default)
            for form in of_value(key, value, bonus, plan):
                if facts.matters(key, form):
                    yield bonus.kind, key, form


class Facts:
    """What a bonus did in a case: `paid` something, was `limited`, gave `back`, `moved` pay."""

    def __init__(self, bonus: Bonus, answers: Sequence[Answer]) -> None:
        lines = [line for answer in answers for line in answer.lines if line.amount != 0]
        own = [line for line in lines if line.bonus == bonus.name]
        back = [each for answer in answers for each in answer.reversals if each.line.amount != 0]
        self.paid = bool(own)
        self.levels_limited = {line.level for line in lines if line.bonus == f"Cap on {bonus.name}"}
        self.back = any(each.line.bonus == bonus.name for each in back)
        self.moved = any(line.evidence.startswith("earnings of ") for line in own)
        self.late = any(answer.run.late for answer in answers)
        self.matched_late = bonus.kind == "matching" and bool(back)

    def matters(self, key: str, form: str) -> bool:
        if key == "cap":
            of_levels = bool(self.levels_limited - {0})
            return of_levels if form == "per_buyer" else 0 in self.levels_limited
        if key == "guarantee":
            return self.moved
        if key == "on_return":
            return self.back if form in ("line", "share") else self.paid and self.late
        return self.paid


def of_value(key: str, said: Any, bonus: Bonus, plan: Plan) -> list[str]:
    """Return the forms of what stands at a key, or is meant where nothing stands there."""
    if key in HOW:
        return HOW[key](said, bonus, plan)
    if said is None or said == []:
        return []
    if isinstance(said, bool):
        return [str(said).lower()]
    if key in FORMS and FORMS[key] == ["said"]:
        return ["said"] if said not in ("100%",) else []
    if key == "paid_to" or isinstance(said, int):
        return [str(said)]
    return [str(said)]


Said = Callable[[Any, Bonus, Plan], list[str]]


def of_tree(said: Any, bonus: Bonus, plan: Plan) -> list[str]:
    rules = plan.trees[said]
    return [rules.name if rules.kind == "members" else rules.kind]


def of_pays_on(said: Any, bonus: Bonus, plan: Plan) -> list[str]:
    meaning = plan.volumes[said]
    column = getattr(meaning, "column", None)
    if column is None:
        return ["a sum"]
    return ["orders", column if column in ("pv", "cv") else "another column"]


def of_grades(key: str) -> Said:
    def found(said: Any, bonus: Bonus, plan: Plan) -> list[str]:
        if said is None or key not in bonus.tables:
            return []
        rates = bonus.tables[key]
        by = {"everybody": "for everybody", "rank": "by rank", "volume": "by a volume"}[rates.by]
        return [by, *(["money"] if is_money(rates) and key == "rates" else [])]

    return found


def is_money(rates: Rates) -> bool:
    return any(rate.money is not None for row in rates.rows.values() for rate in row)


def of_pays(said: Any, bonus: Bonus, plan: Plan) -> list[str]:
    if isinstance(said, list):
        return ["one stage" if len(said) == 1 else "several stages"]
    return of_grades("pays")(said, bonus, plan)


def of_rates_by(said: Any, bonus: Bonus, plan: Plan) -> list[str]:
    """Return what the grade is, where something goes by it."""
    tables = [*bonus.tables.values(), *([bonus.cap.per_earner] if bonus.cap.per_earner else [])]
    if not any(table.by != "everybody" for table in tables):
        return []
    return ["a volume" if said in plan.volumes else said]


def of_cadence(said: Any, bonus: Bonus, plan: Plan) -> list[str]:
    return ["a shorter rhythm"] if bonus.cadence != plan.cadence else []


def of_cap(said: Any, bonus: Bonus, plan: Plan) -> list[str]:
    cap = bonus.cap
    found = ["per_buyer"] if cap.per_buyer else []
    if cap.per_earner:
        is_by_grade = cap.per_earner.by != "everybody"
        found.append("per_earner by grade" if is_by_grade else "per_earner")
    if cap.per_holder is not None:
        found.append("per_holder")
    if cap.total:
        found.append("total of a volume" if cap.total.volume else "total money")
    return found


def of_tiers(said: Any, bonus: Bonus, plan: Plan) -> list[str]:
    if not said:
        return []
    rates = bonus.tables["tiers"]
    found = ["one" if len(said) == 1 else "several"]
    found += ["from 0"] if 0 in rates.rows else []
    return [*found, *(["money"] if is_money(rates) else [])]


def of_words(said: Any, bonus: Bonus, plan: Plan) -> list[str]:
    """Return days, months or `first order`."""
    if said is None:
        return []
    return [said if said == "first order" else said.split()[1].removesuffix("s") + "s"]


def of_leaders(said: Any, bonus: Bonus, plan: Plan) -> list[str]:
    if said is None:
        return []
    return ["requirements" if isinstance(said, list) else "rank of the earner"]


def of_matched(said: Any, bonus: Bonus, plan: Plan) -> list[str]:
    others = [plan.bonus(name) for name in said]
    found = ["one" if len(said) == 1 else "several"]
    found += ["matching"] if any(other.kind == "matching" for other in others) else []
    is_longer = any(other.cadence != bonus.cadence for other in others)
    return [*found, *(["a shorter rhythm"] if is_longer else [])]


def of_cycles(said: Any, bonus: Bonus, plan: Plan) -> list[str]:
    if not said:
        return []
    found = {"one step" if len(said) == 1 else "several steps"}
    for number, step in enumerate(said, 1):
        found.add("money" if is_money(bonus.tables[f"cycle {number}"]) else "a rate")
        found.add("1:1" if step["strong"] == step["weak"] else "n:1")
        found |= {"of"} if "of" in step else set()
    return sorted(found)


def of_counted(said: Any, bonus: Bonus, plan: Plan) -> list[str]:
    return ["said" if "counted" in bonus.keys else "left out"]


def of_fund(said: Any, bonus: Bonus, plan: Plan) -> list[str]:
    volume = said.split(" of ")[1]
    return ["a sale volume" if plan.is_sale_volume(volume) else "another volume"]


def of_shares(said: Any, bonus: Bonus, plan: Plan) -> list[str]:
    return ["equal" if said == "equal" else "a volume"]


def of_people(said: Any, bonus: Bonus, plan: Plan) -> list[str]:
    return [said.split()[0]] if said else []


HOW: Mapping[str, Said] = {
    "tree": of_tree,
    "pays_on": of_pays_on,
    "rates": of_grades("rates"),
    "own_group": of_grades("own_group"),
    "pays": of_pays,
    "rates_by": of_rates_by,
    "cadence": of_cadence,
    "cap": of_cap,
    "tiers": of_tiers,
    "within": of_words,
    "leaders": of_leaders,
    "of": of_matched,
    "cycle": of_cycles,
    "counted": of_counted,
    "fund": of_fund,
    "shares": of_shares,
    "for_each": of_people,
}
