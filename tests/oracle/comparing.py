"""Says where two answers differ: nothing at all, or a sentence for each figure."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from tests.oracle.cases import Case
from tests.oracle.engine_side import Question, ask
from tests.oracle.period import Answer, work_out
from tests.oracle.reading import read_plan


def oracle_says(case: Case) -> Answer:
    return work_out(read_plan(case.plan_text), case.network, case.sales)


def compare(case: Case, explain_each: int = 1) -> list[str]:
    """Return the differences between oracle and engine, none if they agree on every figure.

    Of large cases only each n-th sale is explained; all lines and sums are compared anyhow.
    """
    oracle = oracle_says(case)
    oracle.met = dict(list(oracle.met.items())[::explain_each])
    return differences(oracle, ask(Question(case), explain_each))


def differences(oracle: Answer, engine: Answer) -> list[str]:
    """Compare standings, whom each sale met, lines one by one, their sums, and the total."""
    return [
        *of_tables("standing of", oracle.standings, engine.standings),
        *of_tables("way up of", oracle.met, engine.met),
        *of_tables("how often there is", Counter(oracle.lines), Counter(engine.lines)),
        *of_tables("earning", oracle.earnings, engine.earnings),
        *of_tables("total", {"": oracle.total}, {"": engine.total}),
    ]


def of_tables(what: str, oracle: Mapping[Any, object], engine: Mapping[Any, object]) -> list[str]:
    """
    >>> of_tables("total", {"USD": 3}, {"USD": 4})
    ["total 'USD': oracle 3, engine 4"]
    """
    return [
        f"{what} {key!r}: oracle {oracle.get(key)}, engine {engine.get(key)}"
        for key in {**oracle, **engine}
        if oracle.get(key) != engine.get(key)
    ]
