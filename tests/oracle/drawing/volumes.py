"""Draws `[volume]`: every form of phrase, each made of volumes that are drawn before it."""

from collections.abc import Callable
from dataclasses import replace

from tests.oracle.drawing.draft import SHARES, Draft, Volume
from tests.oracle.drawing.names import quoted
from tests.oracle.drawing.requirements import may_ask, requirement

NAMES = ("OWN", "CUSTOMERS", "TEAM", "LEGV", "V1", "Group_2", "SOLD", "COST", "DP", "X")
WHOSE = ("own", "customers'", "own and customers'", "own and customers'")
WHOLE = ("self and downline", "self and downline", "downline")
TWO_LEGS = ("the left leg", "the right leg", "the weaker leg", "the stronger leg")
SCOPES = (
    *WHOLE,
    "self and frontline",
    "frontline",
    "levels",
    "level",
    "the largest leg",
    "all but the largest leg",
    "two legs",
    "two legs",
)
BREAKS_AWAY = (*WHOLE, "the largest leg", "all but the largest leg")

Drawn = tuple[object, Volume]


def draw_volumes(draft: Draft) -> None:
    """Draw the three volumes that exist always, often as they are, and some more."""
    dice = draft.dice
    draft.volumes = [
        Volume("PV", is_sale=True, has_customers=True, of_one_person=True),
        Volume("CV", is_sale=True, has_customers=True, of_one_person=True),
        Volume("GV", size=3, is_whole_group=True),
    ]
    said: dict[str, object] = {}
    for place, draw in enumerate((sale_volume, sale_volume, group)):
        if dice.one_in(8 if place < 2 else 4):
            redefine(draft, said, place, draw)
    for name in dice.some_of(NAMES, 1, 6):
        form = dice.one_of(FORMS)
        drawn = form(draft)
        if drawn is not None:
            said[name], volume = drawn
            draft.volumes.append(volume.named(name))
    if said:
        draft.plan["volume"] = dict(dice.shuffled(list(said.items())))


def redefine(
    draft: Draft, said: dict[str, object], place: int, draw: Callable[[Draft], Drawn | None]
) -> None:
    """Give one of the three another meaning, made of none but those before it."""
    name, known = draft.volumes[place].name, draft.volumes
    draft.volumes = known[:place]
    drawn = draw(draft)
    draft.volumes = known
    if drawn is not None:
        said[name], volume = drawn
        draft.volumes[place] = volume.named(name)


def sale_volume(draft: Draft) -> Drawn | None:
    return sum_of_sales(draft) if draft.volumes and draft.dice.one_in(4) else orders(draft)


def orders(draft: Draft) -> Drawn:
    dice = draft.dice
    whose, which = dice.one_of(WHOSE), dice.one_of(["", "", "", "", " first", " later"])
    column = dice.one_of(["pv", "cv", dice.one_of(draft.columns)])
    if dice.one_in(2):
        column = dice.one_of(["sv", "bv_2", *(["amount"] if may_name_amount(draft) else [])])
        draft.columns.append(column)
    when = f" {window(draft)} of joining" if dice.one_in(4) else ""
    phrase = f"{column} of {whose}{which} orders{when}"
    volume = Volume("", is_sale=True, has_customers="customers'" in whose, of_one_person=True)
    return phrase, volume


def may_name_amount(draft: Draft) -> bool:
    return "point_value" not in draft.plan and draft.decimals <= 2


def window(draft: Draft) -> str:
    side = draft.dice.one_of(["within", "within", "after"])
    return f"{side} {time_span(draft)}"


def time_span(draft: Draft) -> str:
    return draft.dice.one_of(
        ["60 days", "30 days", "10 days", "1 day", "3 months", "2 months", "1 month"]
    )


def sum_of_sales(draft: Draft) -> Drawn | None:
    parts = draft.dice.some_of(draft.volumes_with(is_sale=True), 1, 3)
    if not parts:
        return None
    volume = replace(parts[0], has_customers=any(part.has_customers for part in parts))
    return sum_text(draft, parts), volume


def sum_text(draft: Draft, parts: list[Volume]) -> str:
    """Return parts that are added or taken off; one that stands alone is a per cent."""
    dice = draft.dice
    words = []
    for place, part in enumerate(parts):
        share = f"{dice.one_of(SHARES)} of " if len(parts) == 1 or dice.one_in(2) else ""
        sign = dice.one_of([" + ", " + ", " - "]) if place else ""
        words.append(f"{sign}{share}{part.name}")
    return "".join(words)


def any_sum(draft: Draft) -> Drawn:
    parts = draft.dice.some_of(draft.volumes, 1, 3)
    return sum_text(draft, parts), made_of(parts)


def made_of(parts: list[Volume]) -> Volume:
    """Return what is so of a sum of these volumes."""
    return Volume(
        "",
        size=max(part.size for part in parts),
        is_sale=all(part.is_sale for part in parts),
        has_customers=any(part.has_customers for part in parts),
        of_one_person=all(part.of_one_person for part in parts),
        asks_active=any(part.asks_active for part in parts),
        with_ranks=any(part.with_ranks for part in parts),
        after_ranks=any(part.after_ranks for part in parts),
    )


def group(draft: Draft) -> Drawn | None:
    dice = draft.dice
    of = draft.volumes_with(of_one_person=True)
    if not of:
        return None
    part, scope, tree = dice.one_of(of), dice.one_of(SCOPES), draft.any_tree()
    without = ""
    if scope in BREAKS_AWAY and draft.ranks and dice.one_in(3):
        without = f" without {quoted(dice.one_of(draft.ranks))} groups"
    if scope == "two legs":
        tree = draft.tree("binary") or ""
        scope = dice.one_of(TWO_LEGS) if tree else "downline"
    where = f" in {tree}" if tree and (tree != "sponsor" or dice.one_in(3)) else ""
    volume = replace(
        made_of([part]),
        size=3,
        is_sale=False,
        has_customers=False,
        of_one_person=False,
        is_whole_group=scope in WHOLE,
        with_ranks=part.with_ranks or bool(without),
    )
    return f"{part.name} of {with_levels(draft, scope)}{without}{where}", volume


def with_levels(draft: Draft, scope: str) -> str:
    first = draft.dice.whole(1, 3)
    if scope == "levels":
        return f"levels {first} to {first + draft.dice.whole(0, 2)}"
    return f"level {first}" if scope == "level" else scope


def compressed(draft: Draft) -> Drawn:
    part = draft.volume(is_sale=True)
    volume = replace(
        part,
        is_sale=False,
        has_customers=False,
        asks_active=True,
        with_ranks=draft.activity_with_ranks,
    )
    return f"{part.name} of compressed orders", volume


def over_time(draft: Draft) -> Drawn:
    dice = draft.dice
    part = draft.volume(is_over_time=False)
    name = part.name
    phrase = dice.one_of(
        [
            f"lifetime {name}",
            f"lifetime {name}",
            f"{name} of the last {dice.whole(2, 4)} periods",
            f"{name} of the period before",
            f"growth of {name}",
        ]
    )
    size = part.size if phrase.startswith("growth") else 2 * part.size
    volume = replace(part, size=size, is_over_time=True, is_sale=False, is_whole_group=False)
    return phrase, replace(volume, has_customers=False)


def weighted(draft: Draft) -> Drawn:
    """Draw weighted levels: of what is known before the ranks, or of anything, after them."""
    dice = draft.dice
    is_early = dice.one_in(3)
    known = may_ask(draft, "early" if is_early else "others")
    part = dice.one_of(known) if dice.mostly(3) else None
    said: dict[str, object] = {"of": part.name if part else "people"}
    if dice.one_in(2):
        said["self"] = weight(draft, part)
    if "self" not in said or dice.mostly():
        said["levels"] = [weight(draft, part) for _ in range(dice.whole(1, 3))]
    asker = "early" if is_early else "others"
    who = [requirement(draft, asker) for _ in range(dice.one_of([0, 1, 1, 2, 2]))]
    if who:
        said["who"] = who
    if dice.one_in(2):
        said["compression"] = dice.one_of(["none", "dynamic", "dynamic"])
    if dice.one_in(2):
        said["tree"] = draft.any_tree()
    size = part.size if part else 1
    return said, Volume("", size=size, asks_active=True, after_ranks=not is_early)


def weight(draft: Draft, part: Volume | None) -> str | int:
    if part is not None:
        return draft.dice.one_of(["100%", "50%", "33.3333%", "5%", "6%", "0%", "12.5%"])
    weights: list[str | int] = ["5", 4, 1, "2.5", "0.05", str(draft.unit)]
    return draft.dice.one_of(weights)


def reserve(draft: Draft) -> Drawn:
    dice = draft.dice
    part = draft.volume(is_sale=True)
    said = {
        "of": part.name,
        "at_once": draft.points(dice.one_of([1, 1, 2])) if dice.mostly(5) else "0.50",
        "most": draft.points(dice.one_of([1, 3, 5])),
        "draws_to": draft.points(dice.one_of([1, 2, 3])),
    }
    return said, Volume("", of_one_person=True)


FORMS: list[Callable[[Draft], Drawn | None]] = [
    orders,
    orders,
    orders,
    orders,
    sum_of_sales,
    sum_of_sales,
    group,
    group,
    group,
    group,
    group,
    any_sum,
    any_sum,
    compressed,
    compressed,
    over_time,
    over_time,
    over_time,
    weighted,
    weighted,
    weighted,
    weighted,
    reserve,
]
