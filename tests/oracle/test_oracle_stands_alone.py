"""The oracle is independent: nothing that it is made of knows engine, lab or reader."""

import re
from pathlib import Path

HERE = Path(__file__).parent
ANSWERS = ("period", "on_files", "checking")
WHAT_IT_CHECKS = ("commissions", "orders", "distributors", "numpy", "lark", "pydantic")


def imports_of(module: str) -> set[str]:
    """Return what a module of the oracle imports, as it is written."""
    text = (HERE / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8")
    found = re.findall(r"^\s*from ([\w.]+) import ([^(\n]+|\([^)]*\))", text, re.M)
    names = {f"{of}.{name}" for of, them in found for name in re.findall(r"\w+", them)}
    return names | {of for of, _ in found} | set(re.findall(r"^\s*import ([\w.]+)", text, re.M))


def made_of(modules: tuple[str, ...]) -> dict[str, set[str]]:
    """Return the imports of these modules of the oracle and of all that they need."""
    found: dict[str, set[str]] = {}
    to_do = list(modules)
    while to_do:
        module = to_do.pop()
        if module in found:
            continue
        found[module] = imports_of(module)
        ours = [name.removeprefix("tests.oracle.") for name in found[module]]
        to_do += [name for name in ours if (HERE / f"{name.replace('.', '/')}.py").is_file()]
    return found


def test_nothing_of_the_oracle_imports_what_it_checks() -> None:
    modules = made_of(ANSWERS)

    knows = {
        module
        for module, imports in modules.items()
        if any(name.split(".")[0] in WHAT_IT_CHECKS for name in imports)
    }
    assert len(modules) > 35
    assert knows == set()
