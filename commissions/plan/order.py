"""The steps of a run, put in order by what each needs."""

from __future__ import annotations

from dataclasses import dataclass

from commissions.engine.plan import Step
from commissions.plan.mistakes import Place


@dataclass(frozen=True, slots=True)
class Need:
    """A step, by name, needs another; `place` is where the plan says so."""

    step: str
    needs: str
    place: Place


class Circle(Exception):
    """Steps need each other, in the way that the message tells; `need` is one that closes it."""

    def __init__(self, path: list[str], need: Need) -> None:
        super().__init__(" -> ".join(path))
        self.need = need


def in_order(steps: dict[str, Step], needs: list[Need]) -> tuple[Step, ...]:
    """Return the steps so that each comes after all it needs; else in the order given.

    >>> from commissions.engine.plan import Do
    >>> first, second = in_order(
    ...     {"GV": Step(Do.VOLUME, 2), "PV": Step(Do.VOLUME, 0)}, [Need("GV", "PV", Place(1, 1))]
    ... )
    >>> first.index, second.index
    (0, 2)
    """
    waiting = {name: [need for need in needs if need.step == name] for name in steps}
    done: list[str] = []
    while waiting:
        ready = next(
            (name for name, wants in waiting.items() if all(w.needs in done for w in wants)), None
        )
        if ready is None:
            raise _circle(waiting)
        done.append(ready)
        del waiting[ready]
    return tuple(steps[name] for name in done)


def _circle(waiting: dict[str, list[Need]]) -> Circle:
    path: list[str] = []
    taken: list[Need] = []
    name = next(iter(waiting))
    while name not in path:
        path.append(name)
        taken.append(next(need for need in waiting[name] if need.needs in waiting))
        name = taken[-1].needs
    start = path.index(name)
    return Circle([*path[start:], name], taken[start])
