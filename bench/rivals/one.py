"""One rival, one month, a process of its own: so that its peak memory is its own.

`python -m bench.rivals.one NAME MEMBERS ORDERS SHAPE SEED FILE` writes what it paid into a file,
and prints one line of JSON.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import django
import numpy as np

from bench.children import said
from bench.memory import peak_mib

if TYPE_CHECKING:  # what a month is made with wants Django set up
    from bench.engine.earnings import Paid
    from bench.engine.months import Month
    from bench.engine.rules import Rules
    from bench.rivals.comparing import Rival


def main(name: str, members: str, orders: str, shape: str, seed: str, file: str) -> None:
    """Let a rival pay a month."""
    django.setup()
    from bench.engine.months import make_month
    from bench.engine.rules import bench_plan, rules_of
    from bench.rivals.comparing import all_rivals, ours

    everybody = all_rivals(database_url=os.environ["DATABASE_URL"], up_to=0, django_up_to=0)
    rival = next(one for one in [ours(), *everybody] if one.name == name)
    month = make_month(members=int(members), orders=int(orders), shape=shape, seed=int(seed))
    rules = rules_of(bench_plan())
    if rival.name == ours().name:
        small = make_month(members=10, orders=20, shape=shape, seed=1)
        rival.pay(small, rules)  # compiles, or loads what was compiled
    paid = rival.pay(month, rules)
    np.save(file, paid.rows)
    told = {"seconds": paid.seconds, "client_mib": peak_mib(), "server_mib": paid.server_mib}
    print(json.dumps(told))


def pay_apart(rival: Rival, month: Month, rules: Rules, seed: int) -> Paid:
    """Let a rival pay a month in a process of its own, which makes the month anew from its seed."""
    from bench.engine.earnings import Paid

    with TemporaryDirectory() as folder:
        file = Path(folder) / "paid.npy"
        sizes = (len(month.sponsor), len(month.seller), month.shape, seed)
        told = said("-m", "bench.rivals.one", rival.name, *map(str, sizes), str(file))
        return Paid(np.load(file), **json.loads(told))


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "mlm.settings")
    main(*sys.argv[1:])
