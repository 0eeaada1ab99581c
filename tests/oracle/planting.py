"""Plants a fault, and looks for a drawn case in which lab and oracle differ because of it.

`python -m tests.oracle.planting [WHAT]...` plants these faults, or all of them, one after another,
and prints for each the number of the case that notices it and what differs.

A fault is planted where the module is loaded: its text is changed on the way from the file to the
interpreter. Kernels are not compiled then, so a line inside them can be changed like any other.
"""

import importlib.abc
import importlib.machinery
import importlib.util
import json
import os
import sys
from collections.abc import Iterator, Sequence
from types import CodeType, ModuleType

from typing_extensions import override

from tests.oracle.drawing.cases import case_of
from tests.oracle.faults import FAULTS, Fault

MOST_CASES = 400
ASKING = [f"tests.oracle.{name}" for name in ("lab_side", "comparing", "explaining", "failing")]
CHECKED = ("commissions.engine.", "commissions.lab.", "commissions.taking_back.")
READER = ("commissions.plan.", "commissions.engine.plan.", "commissions.engine.rounding")
"""What plans are read with: it takes long to load, and is left alone if the fault is elsewhere."""


class Changed(importlib.machinery.SourceFileLoader):
    """Loads one module with a fault in it."""

    def __init__(self, fault: Fault, path: str) -> None:
        super().__init__(fault.module, path)
        self.fault = fault

    @override
    def get_code(self, fullname: str) -> CodeType:
        text = self.get_data(self.path).decode("utf-8")
        if text.count(self.fault.old) != 1:
            raise LookupError(f"{self.fault.what}: what is to be changed stands there not once")
        changed = text.replace(self.fault.old, self.fault.new)
        code: CodeType = self.source_to_code(changed.encode(), self.path)
        return code


class Planter(importlib.abc.MetaPathFinder):
    """Finds the module that is to have a fault."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault

    @override
    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> importlib.machinery.ModuleSpec | None:
        if fullname != self.fault.module:
            return None
        found = importlib.machinery.PathFinder.find_spec(fullname, path)
        if found is None or found.origin is None:
            raise LookupError(fullname)
        return importlib.util.spec_from_file_location(
            fullname,
            found.origin,
            loader=Changed(self.fault, found.origin),
            submodule_search_locations=found.submodule_search_locations,
        )


def forget_modules(fault: Fault) -> None:
    """Let everything be loaded anew that may have to do with a fault."""
    in_the_reader = fault.module.startswith(READER)
    for name in list(sys.modules):
        is_read_with = f"{name}.".startswith(READER)
        is_checked = f"{name}.".startswith(CHECKED) and not is_read_with
        if name in ASKING or is_checked or (is_read_with and in_the_reader):
            del sys.modules[name]


def noticed(fault: Fault, numbers: Iterator[int]) -> tuple[int, str] | None:
    """Return the first of these cases that fails with a fault planted, and how; None if none does.

    A plan that is refused by the reader says nothing.
    """
    planter = Planter(fault)
    forget_modules(fault)
    sys.meta_path.insert(0, planter)
    try:
        failing = importlib.import_module("tests.oracle.failing")
        for number in numbers:
            failure = failing.failure_of(case_of(number))
            if failure is not None and not failure.is_refusal:
                return number, failure.sentences[-1]
        return None
    finally:
        sys.meta_path.remove(planter)
        forget_modules(fault)


def cases_for(fault: Fault) -> Iterator[int]:
    """Yield the case that is known to notice a fault, and then others."""
    yield fault.case
    yield from (number for number in range(MOST_CASES) if number != fault.case)


def main(named: Sequence[str]) -> None:
    """Plant faults and print what notices them, a line of JSON for each."""
    if os.environ.get("NUMBA_DISABLE_JIT") != "1":
        raise SystemExit("set NUMBA_DISABLE_JIT=1: faults are planted in what is not compiled")
    for fault in FAULTS:
        if not named or fault.what in named:
            try:
                found = noticed(fault, cases_for(fault))
            except LookupError as error:
                found = None
                print(error, file=sys.stderr)  # noqa: T201
            print(json.dumps({"what": fault.what, "noticed": found}), flush=True)  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1:])
