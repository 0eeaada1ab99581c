"""A plan in plain words says everything that decides pay."""

from io import StringIO

import pytest
from django.core.management import call_command

from commissions.plan import read_plan
from commissions.plan.bonuses import KINDS
from commissions.plan.models import (
    CapTable,
    LevelsTable,
    PlanTable,
    RanksTable,
    RankTable,
    ReserveTable,
    TreeTable,
)
from commissions.plan.shape import keys_of
from commissions.plan.telling import Listing, Section, Sentence, Table, tell_plan
from tests.commissions.plan.texts import EVERYTHING, RANKS, ROOT, TOP, TREES, bonus_text, plan_of

SALES = {"pays_on": '"CV"', "rates": '["5%", "4%"]', "compression": '"dynamic"'}
ONE_RATE = {"pays_on": '"CV"', "rates": '{ Gold = "5%" }'}
TIERS = {"pays_on": '"CV"', "tiers": '{ "0" = "5%", "10" = "6%" }'}
EARNER = {**TIERS, "tier_mode": '"marginal"', "tiers_by": '"earner"'}
LEADERS = {"counted_in": '"generations"', "leaders": '["Gold"]'}
BINARY = {"tree": '"power"', "pays_on": '"CV"', "rates": '{ Gold = "10%" }'}
CYCLES = {
    "tree": '"power"',
    "pays_on": '"CV"',
    "most_cycles": "5",
    "cycle": '[{ strong = "2", weak = "1", times = 3, pays = "5.00" }, '
    '{ strong = "1", weak = "1", pays = "2%" }]',
}
STEPS = [
    ("", ""), ('"2"', '"3"'), ("5.00", "6.00"), ("= 3", "= 4"), ('pays = "2%"', 'pays = "3%"'),
    ('pays = "2%"', 'of = "9", pays = "2%"'),
]  # fmt: skip
FULL = {"tree": '"grid"', "pays_on": '"CV"', "rates": '["0%", "7%"]'}
SHAPE = {"width": "3", "person": '["PV >= 1"]', "pays": '["5.00", "9.00"]'}
POOL = {"fund": '"2% of CV"', "shares": '"PV"'}
BY_RANK = '{ Gold = "5.00" }'
GRADED = '{ Gold = ["5%"] }'

COMMON = {
    "paid_to": ('"active"', '"everybody"'),
    "requires": ("[]", '["Gold"]'),
    "on_return": (None, '"none"'),
    "cadence": (None, '"weekly"'),
    "cap": (None, '{ per_earner = "5.00" }', '{ per_holder = "5.00" }', '{ total = "5% of CV" }'),
}
UNHURRIED = {key: values for key, values in COMMON.items() if key != "cadence"}
ROUNDED = {"round_at": ('"line"', '"bonus"', '"earner"')}
PART = {"part": ('"100%"', '"40%"')}
LINE = {"round_at": ('"line"',)}
TREE = {"tree": ('"sponsor"', '"grid"')}
BASE = {"pays_on": ('"CV"', '"PV"')}
COMPRESSION = {"compression": ('"none"', '"inactive"', '"dynamic"')}
BUYERS = {"cap": (*COMMON["cap"], '{ per_buyer = ["5.00", "2.00"] }')}
ABOVE = {"leader_sales": ('"own group"', '"group above"')}
GRADES = ('"paid-as"', '"title"', '"highest"')
Ways = dict[str, tuple[str | None, ...]]

OWN_SALES: list[tuple[dict[str, str], Ways]] = [
    (ONE_RATE, {**COMMON, **ROUNDED, **PART, **BASE, "rates_by": GRADES,
                "rates": (BY_RANK, '{ Silver = "5.00" }')}),
    (TIERS, {"tiers": ('{ "0" = "5%" }', '{ "1" = "5%" }', '{ "0" = "5%", "10" = "5%" }'),
             "tiers_by": ('"sale"', '"buyer"', '"earner"'),
             "tier_mode": ('"whole"', '"marginal"')}),
    (EARNER, {"tiers_from": (None, '"lifetime PV"', '"lifetime CV"')}),
]  # fmt: skip
LEVELLED: Ways = {
    **COMMON, **ROUNDED, **PART, **BASE, **COMPRESSION, **TREE, **BUYERS,
    "owner": ('"is level 1"', '"is left out"'), "rates": ('["5%"]', '["5%", "0%"]', '["5.00"]'),
}  # fmt: skip

WAYS: dict[str, list[tuple[dict[str, str], Ways]]] = {
    "retail": OWN_SALES,
    "personal": OWN_SALES,
    "unilevel": [
        (SALES, {**LEVELLED, "stop_at": (None, '"Gold"'),
                 "levels": ('"recounted"', '"of the tree"')}),
        (SALES | {"rates": GRADED}, {"rates_by": (*GRADES, '"seller\'s paid-as"')}),
    ],
    "fast-start": [
        ({**SALES, "within": '"60 days"'},
         {**LEVELLED, "within": ('"60 days"', '"61 days"', '"60 months"', '"first order"')}),
        ({**SALES, "within": '"60 days"', "rates": GRADED}, {"rates_by": GRADES}),
    ],
    "differential": [
        (ONE_RATE, {**COMMON, **ROUNDED, **PART, **BASE, **TREE, "rates_by": GRADES,
                    "rates": ('"5%"', '{ Gold = "5%" }'),
                    "buyer": ('"is paid"', '"counts"', '"is left out"'),
                    "from_level": ("0", "1", "2"), "breakaway": (None, '"Gold"', '"Silver"'),
                    "unqualified": ('"pass up"', '"block"')}),
        (ONE_RATE | {"from_level": "2"}, {"lower_levels": ('"count"', '"do not count"')}),
    ],
    "generation": [
        ({**SALES, "leaders": '["Gold"]'},
         {**COMMON, **ROUNDED, **PART, **BASE, **TREE, **ABOVE, **COMPRESSION,
          "leaders": ('["Gold"]', '["Silver"]', '"rank of the earner"'),
          "rates": ('["5%"]', '["5%", "0%"]'), "less_leader": ("false", "true"),
          "own_group": (None, '"1%"', '{ Gold = "1%" }'),
          "guarantee": (None, '"100"', '"200"')}),
        ({**SALES, "leaders": '["Gold"]', "less_leader": "true"},
         {"minimum": ('"0%"', '"1%"')}),
        ({**SALES, "leaders": '["Gold"]', "rates": GRADED}, {"rates_by": GRADES}),
    ],
    "infinity": [
        (ONE_RATE | {"from": "2"},
         {**COMMON, **ROUNDED, **PART, **BASE, **TREE, **COMPRESSION, "from": ("1", "2"),
          "rates": ('"5%"', '{ Gold = "5%" }'), "rates_by": GRADES,
          "blocking": ('"difference"', '"first"')}),
        (ONE_RATE | LEADERS | {"from": "2"},
         {**ABOVE, "leaders": ('["Gold"]', '["Silver"]'), "from": ("0", "1")}),
    ],
    "matching": [
        ({"of": '["R"]', "rates": '["10%"]'},
         {**UNHURRIED, **LINE, **PART, **TREE, **COMPRESSION, "of": ('["R"]', '["R", "S"]'),
          "rates": ('["10%"]', '["10%", "5%"]')}),
        ({"of": '["R"]', "rates": GRADED}, {"rates_by": GRADES}),
        ({"of": '["Weekly"]', "rates": '["10%"]'}, {"cadence": (None, '"weekly"')}),
        ({"of": '["R"]', "rates": '["10%"]', **LEADERS},
         {**ABOVE, "leaders": ('["Gold"]', '"rank of the earner"')}),
    ],
    "binary": [
        (BINARY, {**COMMON, **LINE, **PART, **BASE, "tree": ('"power"', '"other"'),
                  "on_return": ('"volume"', '"share"', '"none"'),
                  "own_volume": ('"none"', '"weaker"', '"left"', '"right"'),
                  "rates": ('"10%"', '{ Gold = "10%" }'), "rates_by": GRADES,
                  "ratio": ("false", "true"),
                  "carry": ('"both legs"', '"weaker leg"', '"nothing"'),
                  "carry_most": (None, '"5"', '"6"'), "carry_expires": (None, "5", "6"),
                  "while_unqualified": ('"carry"', '"add nothing"', '"lose stronger"',
                                        '"lose both"', '"use up"')}),
        (CYCLES, {"steps": ('"each period"', '"for good"'), "most_cycles": ("5", "6"),
                  "beyond": ('"stay"', '"are used up"'),
                  "cycle": tuple(CYCLES["cycle"].replace(*change) for change in STEPS)}),
    ],
    "full-level": [
        (FULL, {**COMMON, **LINE, **PART, **BASE, "tree": ('"grid"', '"power"'),
                "counted": ('["active"]', '["PV >= 5"]'), "once": ("false", "true"),
                "rates": ('["0%", "7%"]', '["1%", "7%"]', '["5.00"]')}),
        (FULL | {"rates": GRADED}, {"rates_by": GRADES}),
    ],
    "structure": [
        (SHAPE, {**COMMON, **LINE, "tree": ('"enroller"', '"grid"'), "width": ("2", "3"),
                 "person": ('["PV >= 1"]', '["PV >= 2"]'), "head": ("[]", '["PV >= 2"]'),
                 "pays": ('["5.00"]', '["5.00", "6.00"]'), "paid": ('"highest"', '"each"'),
                 "sets": ("false", "true")}),
    ],
    "pool": [
        (POOL, {**COMMON, **LINE, "fund": ('"2% of CV"', '"3% of CV"', '"2% of PV"'),
                "shares": ('"PV"', '"CV"', '"equal"'), "rest": ('"shared"', '"kept"'),
                "places": (None, '["60%"]', '["60%", "40%"]')}),
    ],
    "reward": [
        ({"pays": BY_RANK},
         {**COMMON, **LINE, **TREE, "pays": (BY_RANK, '"5.00"', '{ Gold = "6.00" }'),
          "rates_by": GRADES, "when": ('"each period"', '"once"'),
          "for_each": (None, '"frontline with PV >= 6"', '"enrolled with PV >= 6"'),
          "within": (None, '"60 days"', '"60 months"')}),
    ],
}  # fmt: skip
OTHERS = "".join(
    bonus_text("retail", pays_on='"CV"', rates='"1%"').replace('"B"', f'"{name}"')
    for name in ("R", "S")
)
OTHERS += bonus_text("retail", pays_on='"CV"', rates='"1%"', cadence='"weekly"').replace(
    '"B"', '"Weekly"'
)
FURTHER_TREE = '[tree.other]\nkind = "binary"\n'


def told(kind: str, keys: dict[str, str]) -> str:
    """Return a bonus in plain words, after two others, in a plan with ranks and trees."""
    text = bonus_text(kind, **keys)
    return tell_plan(plan_of(TREES + FURTHER_TREE + RANKS + OTHERS + text)).as_text()


@pytest.mark.parametrize("kind", WAYS)
def test_every_key_of_a_kind_changes_what_is_told(kind: str) -> None:
    for base, ways in WAYS[kind]:
        for key, values in ways.items():
            said = []
            for value in values:
                keys = {name: given for name, given in base.items() if name != key}
                said.append(told(kind, keys if value is None else keys | {key: value}))
            assert len(set(said)) == len(said), f"{kind}: {key}"


@pytest.mark.parametrize("kind", KINDS)
def test_no_key_of_a_kind_was_forgotten(kind: str) -> None:
    tried = {key for base, ways in WAYS[kind] for key in {*base, *ways}}

    assert tried | {"name", "kind"} == set(keys_of(KINDS[kind].table))


WEIGHTS = '[volume.A]\nof = "GV"\nself = "6%"\nlevels = ["5%"]\nwho = ["Gold"]\n'
RESERVE = '[volume.A]\nof = "PV"\nat_once = "15"\nmost = "100"\ndraws_to = "50"\n'
WINDOW = '[ranks]\ntitle = "window"\nmet = 3\nof = 5\nfalls = "one step"\n'
MATRIX = '[tree.x]\nkind = "matrix"\nwidth = 3\n'
TWO_LEGS = '[tree.x]\nkind = "binary"\n'
LAST = 'cadence = "monthly"\n'
LIMITS = '[cap]\npayout = "5.00"\n'
PASS_UP = '[tree.x]\nkind = "pass-up"\nof = "sponsor"\nfirst = 2\n'
ELSEWHERE: dict[type, list[tuple[str, str, str]]] = {
    PlanTable: [
        ("name", 'name = "Small"', 'name = "Other"'),
        ("currency", '"USD"', '"EUR"'),
        ("cadence", '"monthly"', '"yearly"'),
        ("point_value", LAST, LAST + 'point_value = "0.8"\n'),
        ("rounding", LAST, LAST + 'rounding = "toward zero"\n'),
        ("late_returns", LAST, LAST + 'late_returns = "deduct volume"\n'),
        ("tree", "", "[tree.x]\nkind = \"free\"\n"),
        ("volume", "", '[volume]\nX = "PV of downline"\n'),
        ("active", "", '[active]\nrequire = ["PV >= 5"]\n'),
        ("rank", "", '[[rank]]\nname = "X"\nrequire = ["PV >= 5"]\n'),
        ("ranks", "", "[ranks]\ngrace = 1\n"),
        ("bonus", "", bonus_text("retail", pays_on='"CV"', rates='"1%"').replace('"B"', '"X"')),
        ("cap", "", LIMITS),
        ("deduction", "", '[[deduction]]\nname = "Tax"\nrate = "1%"\n'),
        ("market", "", '[market.JP.bonus.R]\nrates = "2%"\n'),
    ],
    TreeTable: [
        ("kind", '[tree.x]\nkind = "free"\n', '[tree.x]\nkind = "binary"\n'),
        ("width", MATRIX, MATRIX.replace("3", "4")),
        ("fill", TWO_LEGS, TWO_LEGS + 'fill = "breadth-first"\n'),
        ("of", PASS_UP, PASS_UP.replace("sponsor", "enroller")),
        ("first", PASS_UP, PASS_UP.replace("2", "3")),
    ],
    LevelsTable: [
        ("of", WEIGHTS, WEIGHTS.replace("GV", "PV")),
        ("self", WEIGHTS, WEIGHTS.replace("6%", "7%")),
        ("levels", WEIGHTS, WEIGHTS.replace('["5%"]', '["5%", "4%"]')),
        ("who", WEIGHTS, WEIGHTS.replace("Gold", "Silver")),
        ("compression", WEIGHTS, WEIGHTS + 'compression = "dynamic"\n'),
        ("tree", WEIGHTS, WEIGHTS + 'tree = "enroller"\n'),
    ],
    ReserveTable: [
        ("of", RESERVE, RESERVE.replace("PV", "CV")),
        ("at_once", RESERVE, RESERVE.replace("15", "16")),
        ("most", RESERVE, RESERVE.replace("100", "101")),
        ("draws_to", RESERVE, RESERVE.replace("50", "51")),
    ],
    RankTable: [
        ("name", "Two Star", "Three Star"),
        ("require", "PV >= 3", "PV >= 33"),
        ("maintain", 'require = ["PV >= 3"]', 'require = ["PV >= 3"]\nmaintain = ["PV >= 1"]'),
    ],
    RanksTable: [
        ("paid_as", "", '[ranks]\npaid_as = "title"\n'),
        ("grace", "[ranks]\ngrace = 1\n", "[ranks]\ngrace = 2\n"),
        ("title", "", WINDOW),
        ("met", WINDOW, WINDOW.replace("3", "4")),
        ("of", WINDOW, WINDOW.replace("5", "6")),
        ("falls", WINDOW, WINDOW.replace("one step", "to qualified")),
    ],
    CapTable: [
        ("per_earner", LIMITS, LIMITS + 'per_earner = "4.00"\n'),
        ("per_holder", LIMITS, LIMITS + 'per_holder = "4.00"\n'),
        ("payout", LIMITS, '[cap]\npayout = "5% of CV"\n'),
        ("inside", LIMITS, LIMITS + 'inside = ["R"]\n'),
    ],
}  # fmt: skip


@pytest.mark.parametrize("table", ELSEWHERE)
def test_every_key_elsewhere_changes_what_is_told(table: type) -> None:
    plan = TOP + TREES + RANKS + OTHERS
    for key, one, other in ELSEWHERE[table]:
        if one and one in plan:
            texts = plan, plan.replace(one, other)
        else:
            texts = plan + one, plan + other
        first, second = (tell_plan(read_plan(text)).as_text() for text in texts)

        assert first != second, key


def test_no_key_elsewhere_was_forgotten() -> None:
    for table, changes in ELSEWHERE.items():
        assert {key for key, _, _ in changes} >= set(keys_of(table)) - {"example"}


def test_a_market_is_told_where_it_is_different() -> None:
    told_of_japan = next(
        section
        for section in tell_plan(read_plan(EVERYTHING)).sections
        if section.heading == "In JP"
    )

    assert [section.heading for section in told_of_japan.sections] == [
        "Being active", "Bronze", "Gold 2", "Own", "Levels", "Welcome", "Leaders", "Shape", "Pool",
        "Builder",
    ]  # fmt: skip


def test_a_unilevel_reads_like_this() -> None:
    plan = plan_of(
        '[active]\nrequire = ["PV >= 100 or months since joining < 3"]\n'
        + RANKS
        + bonus_text(
            "unilevel", pays_on='"CV"', compression='"inactive"', rates='["5%", "2.5%"]',
            requires='["frontline with active are at least 2", "Gold"]',
            cap='{ per_earner = "1500.00" }',
        )
    )  # fmt: skip

    sections = {section.heading: section for section in tell_plan(plan).sections}

    assert sections["Being active"].blocks == (
        Listing(
            "You are active in a month in which all of this is so:",
            (
                "Your personal volume (PV) is at least 100 points, or you joined less than 3 "
                "calendar months ago.",
            ),
        ),
    )
    assert sections["B"] == Section(
        "B",
        (
            Sentence(
                "You are paid on the commission volume (CV) of orders on your levels of the "
                "sponsor tree."
            ),
            Sentence(
                "A customer's order is on level 1 of the distributor who serves the customer; a "
                "distributor's own order is on level 1 of the upline."
            ),
            Sentence("Who is not active is passed over and uses up no level."),
            Listing(
                "You are paid:",
                (
                    "5% of the commission volume (CV) on level 1",
                    "2.5% of the commission volume (CV) on level 2",
                ),
            ),
            Listing(
                "You are paid this when you are active and all of this is so:",
                (
                    "You have at least 2 people directly below you who are active.",
                    "You are paid as Gold or higher.",
                ),
            ),
            Sentence("This bonus pays nobody more than 1,500.00 USD in a month."),
        ),
    )


def test_rates_by_rank_are_a_table() -> None:
    plan = plan_of(RANKS + bonus_text("unilevel", **SALES | {"rates": '{ Gold = ["5%", "3%"] }'}))

    table = next(block for block in tell_plan(plan).sections[-1].blocks if isinstance(block, Table))

    assert table.head == ("You are paid as", "Level 1", "Level 2")
    assert table.rows[0] == ("Gold", "5%", "3%")
    assert [row[0] for row in table.rows] == ["Gold", "Two Star", "head of sales"]


def test_the_text_has_headings_and_short_lines() -> None:
    lines = tell_plan(read_plan(EVERYTHING)).as_text().split("\n")

    assert lines[:2] == ["Everything", "=========="]
    assert "Limits and deductions" in lines
    prose = [line for line in lines if "  " not in line.strip()]
    assert max(map(len, prose)) <= 100


@pytest.mark.parametrize(
    "path", sorted((ROOT / "plans").glob("*.toml")), ids=lambda path: path.stem
)
def test_plans_of_the_gallery_are_told_without_a_loose_end(path: object) -> None:
    text = tell_plan(read_plan(path.read_text(encoding="utf-8"))).as_text()  # type: ignore[attr-defined]

    assert "  ." not in text
    assert "{" not in text


def test_the_command_prints_the_words() -> None:
    out = StringIO()

    call_command("tell_plan", str(ROOT / "plans" / "evergreen.toml"), stdout=out)

    assert out.getvalue().startswith("Evergreen\n=========\n")


def test_the_command_names_every_mistake(tmp_path: object) -> None:
    err = StringIO()

    with pytest.raises(SystemExit) as refused:
        call_command("tell_plan", str(ROOT / "tests/wrong/plans/rates.toml"), stderr=err)

    assert refused.value.code == 2
    assert "101%" in err.getvalue()
