"""Cases that once failed, made small: lab and oracle agree on them, and both say what they said."""

from pathlib import Path

import pytest

from tests.oracle.cases import oracle_answers
from tests.oracle.comparing import differences
from tests.oracle.saving import FOUND, read_case, told

FILES = sorted(FOUND.glob("*.toml"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_case_that_once_failed_comes_out_right(path: Path) -> None:
    case, says = read_case(path.read_text(encoding="utf-8"))

    assert [told(answer) for _, answer in oracle_answers(case)] == says
    assert differences(case) == []
