"""The comparison can fail: each planted fault is noticed by the random cases."""

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from commissions import engine
from commissions.engine.money import Rounding
from commissions.engine.plan import Compression, Orders, PersonalVolume, UnilevelRule
from tests.oracle.cases import Case, case_of
from tests.oracle.comparing import differences, oracle_says
from tests.oracle.engine_side import Question, ask
from tests.oracle.faults import IN_THE_FACTS, IN_THE_RULES
from tests.oracle.period import Answer

CASES = 300

Asked = list[tuple[Case, Answer]]


@pytest.fixture(scope="module")
def asked() -> Asked:
    """Cases with the engine's answers, of which nothing is wrong."""
    cases = [case_of(number) for number in range(CASES)]
    return [(case, ask(Question(case))) for case in cases]


def test_nothing_is_noticed_while_nothing_is_wrong(asked: Asked) -> None:
    assert [case for case, answer in asked if differences(oracle_says(case), answer)] == []


@pytest.mark.parametrize("fault", IN_THE_RULES)
def test_fault_in_a_rule_is_noticed(
    fault: str, asked: Asked, monkeypatch: pytest.MonkeyPatch
) -> None:
    IN_THE_RULES[fault](monkeypatch)

    assert any(differences(oracle_says(case), answer) for case, answer in asked)


@pytest.mark.parametrize("fault", IN_THE_FACTS)
def test_fault_in_the_facts_is_noticed(fault: str, asked: Asked) -> None:
    overlook = IN_THE_FACTS[fault]

    assert any(differences(oracle_says(overlook(case)), answer) for case, answer in asked)


def paying_otherwise(**change: Any) -> Callable[[engine.Plan], engine.Plan]:
    """Return a fault in every bonus of the engine's plan."""

    def changed(plan: engine.Plan) -> engine.Plan:
        bonuses = [
            dataclasses.replace(bonus, **change)
            for bonus in plan.bonuses
            if isinstance(bonus, UnilevelRule)
        ]
        return dataclasses.replace(plan, bonuses=tuple(bonuses))

    return changed


def one_level_later(plan: engine.Plan) -> engine.Plan:
    """Give the engine each rate one level further up."""
    bonuses = [
        dataclasses.replace(
            bonus, rates_ppm=tuple((levels[-1], *levels[:-1]) for levels in bonus.rates_ppm)
        )
        for bonus in plan.bonuses
        if isinstance(bonus, UnilevelRule)
    ]
    return dataclasses.replace(plan, bonuses=tuple(bonuses))


def own_orders_only(plan: engine.Plan) -> engine.Plan:
    volumes = [
        dataclasses.replace(volume, orders=Orders.OWN)
        if isinstance(volume, PersonalVolume)
        else volume
        for volume in plan.volumes
    ]
    return dataclasses.replace(plan, volumes=tuple(volumes))


IN_THE_ENGINES_PLAN: dict[str, Callable[[engine.Plan], engine.Plan]] = {
    "rounds half to even": lambda it: dataclasses.replace(it, rounding=Rounding.HALF_EVEN),
    "does not compress": paying_otherwise(compression=Compression.NONE),
    "compresses always": paying_otherwise(compression=Compression.DYNAMIC),
    "pays one level later": one_level_later,
    "forgets customers' orders": own_orders_only,
    "asks nothing of the active": lambda it: dataclasses.replace(it, active=()),
    "point worth twice as much": lambda it: dataclasses.replace(it, point_num=2 * it.point_num),
}


@pytest.mark.parametrize("fault", IN_THE_ENGINES_PLAN)
def test_fault_in_the_engines_plan_is_noticed(fault: str) -> None:
    assert any(
        differences(oracle_says(case), answer_with(IN_THE_ENGINES_PLAN[fault], case))
        for case in map(case_of, range(CASES))
    )


def answer_with(change: Callable[[engine.Plan], engine.Plan], case: Case) -> Answer:
    question = Question(case)
    question.plan = change(question.plan)
    return ask(question)


def a_cent_from_one_to_another(answer: Answer) -> None:
    first, second, *others = answer.lines
    answer.lines = [
        dataclasses.replace(first, amount=first.amount + 1),
        dataclasses.replace(second, amount=second.amount - 1),
        *others,
    ]


def an_earning_one_unit_higher(answer: Answer) -> None:
    key = next(iter(answer.earnings))
    base, amount = answer.earnings[key]
    answer.earnings[key] = base, amount + 1


def a_point_more_for_somebody(answer: Answer) -> None:
    next(iter(answer.standings.values())).volumes["GV"] += 1


def somebody_active_or_not(answer: Answer) -> None:
    standing = next(iter(answer.standings.values()))
    standing.is_active = not standing.is_active


def another_reason(answer: Answer) -> None:
    way = next(way for way in answer.met.values() if way)
    way[0] = dataclasses.replace(way[0], rule=way[0].rule % 7 + 1)


def another_total(answer: Answer) -> None:
    answer.total += 1


IN_THE_ANSWER = [
    lambda it: it.lines.pop(),
    lambda it: it.lines.append(it.lines[0]),
    lambda it: it.standings.popitem(),
    a_cent_from_one_to_another,
    an_earning_one_unit_higher,
    a_point_more_for_somebody,
    somebody_active_or_not,
    another_reason,
    another_total,
]


@pytest.mark.parametrize("fault", IN_THE_ANSWER)
def test_fault_in_a_single_figure_is_noticed(fault: Callable[[Answer], object]) -> None:
    case = next(case for case in map(case_of, range(CASES)) if len(oracle_says(case).lines) > 1)
    answer = ask(Question(case))
    assert differences(oracle_says(case), answer) == []

    fault(answer)

    assert len(differences(oracle_says(case), answer)) >= 1
