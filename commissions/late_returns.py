"""Goods that come back after their period was locked: what is taken back of posted pay.

Nothing of a posted run is changed and no rank is looked at again. For each run that paid on such
sales all that has come back so far is looked at; what the runs in between took back of it, by the
same rule, is no news.
"""

from __future__ import annotations

from collections import defaultdict
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from commissions import frozen
from commissions.books import LATE, MATCHED_BACK, Books, Prior
from commissions.engine import Evidence
from commissions.posted_runs import PostedRun, posted_run
from commissions.taking_back import Book, Change
from mlm.copying import Rows


def taken_back(books: Books) -> Rows:
    """Return the lines by which a run takes back posted pay, run by run in their order.

    A line names what the posted line rested on, and (of a line on a sale) the return.
    """
    return _taken_back(books.prior, books.late.tobytes(), books.matched_back.tobytes())


# The same returns are asked about again and again, as live figures are refreshed
@lru_cache(maxsize=4)
def _taken_back(prior: tuple[Prior, ...], late: bytes, matched_back: bytes) -> Rows:
    returns = np.frombuffer(late, dtype=LATE)
    matched = np.frombuffer(matched_back, dtype=MATCHED_BACK)
    parts = [np.empty(0, dtype=frozen.LINES)]
    for one in prior:
        own = matched["run_id"] == one.run_id
        parts.append(_of_run(one, returns[returns["run_id"] == one.run_id], matched[own]))
    lines = np.concatenate(parts)
    lines.flags.writeable = False
    return lines


def _of_run(prior: Prior, returns: Rows, matched: Rows) -> Rows:
    """Return what is taken back of one posted run."""
    posted = posted_run(prior.frozen_path)
    is_known = np.isin(returns["sale_id"], posted.result.ground.snapshot.sale)
    returns = returns[is_known]
    before, now = returns[~returns["is_new"]], returns[returns["is_new"]]
    book = Book(posted.result.ground, posted.lines, returns["sale_id"].tolist())
    taken: dict[tuple[int, int], int] = defaultdict(int)
    _add(taken, matched[~matched["is_new"]], posted)
    book.come_back_together(_figures(before), taken)
    _add(taken, matched[matched["is_new"]], posted)
    changes = book.come_back_together(_figures(now), taken)
    return _lines(prior.run_id, posted, changes, now)


def _figures(returns: Rows) -> list[tuple[int, dict[str, int]]]:
    return [
        (int(row["sale_id"]), {name: int(row[name]) for name in ("pv", "cv", "amount")})
        for row in returns
    ]


def _add(taken: dict[tuple[int, int], int], matched: Rows, posted: PostedRun) -> None:
    rows = posted.rows(matched["member_id"])
    for bonus, row, amount in zip(
        matched["bonus"].tolist(), rows.tolist(), matched["amount"].tolist(), strict=True
    ):
        if row >= 0:
            taken[bonus, row] -= amount


def _lines(run_id: int, posted: PostedRun, changes: list[Change], returns: Rows) -> Rows:
    at: NDArray[np.int64] = np.array([change.line for change in changes], np.int64)
    of = posted.lines
    lines = np.zeros(len(changes), dtype=frozen.LINES)
    lines["member_id"] = posted.result.member[of.earner[at]]
    lines["source_id"] = of.source[at]
    for name in ("bonus", "level", "rate_ppm", "evidence", "source_bonus"):
        lines[name] = getattr(of, name)[at]
    lines["reverses"] = run_id
    lines["base"] = [change.base for change in changes]
    lines["amount_minor"] = [change.amount for change in changes]
    newest = dict(zip(returns["sale_id"].tolist(), returns["return_id"].tolist(), strict=True))
    on_sale = lines["evidence"] == int(Evidence.SALE)
    lines["returned_id"][on_sale] = [
        newest.get(sale, 0) for sale in lines["source_id"][on_sale].tolist()
    ]
    order = [lines[name] for name in ("source_bonus", "source_id", "rate_ppm", "level", "bonus")]
    return lines[np.lexsort([*order, lines["member_id"]])]
