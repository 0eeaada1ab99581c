"""The oracle is independent: only the modules that ask engine and lab know anything of them."""

import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
OURS = sorted(HERE.rglob("*.py"))
WHO_ASK = {"engine_side.py", "lab_side.py"}


@pytest.mark.parametrize("file", OURS, ids=lambda file: str(file.relative_to(HERE)))
def test_oracle_imports_nothing_of_what_it_checks(file: Path) -> None:
    imports = re.findall(
        r"^\s*(?:from|import) (?:commissions|orders|distributors|numpy)\b", file.read_text(), re.M
    )

    assert not imports or file.name in WHO_ASK
