"""Machine code is kept where a change of any engine source is noticed."""

import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from commissions.engine import _compile
from commissions.engine.version import SOURCES

ROOT = Path(__file__).parents[3]


def test_the_cache_has_another_name_when_a_primitive_in_another_file_changes(
    tmp_path: Path,
) -> None:
    shutil.copytree(SOURCES, tmp_path / "engine")
    before = _compile.cache_name(tmp_path / "engine")

    tree = tmp_path / "engine" / "tree.py"
    tree.write_text(tree.read_text().replace("total[parent[row]] +=", "total[parent[row]] -="))

    assert before == _compile.cache_name()
    assert _compile.cache_name(tmp_path / "engine") != before


PROBE = """
from commissions.engine._compile import kernel
from commissions.engine.money import share


@kernel
def probe(base):
    return share(base, 1, 20, 0, True)
"""


def test_an_edited_primitive_is_used_by_kernels_of_other_files(tmp_path: Path) -> None:
    shutil.copytree(SOURCES, tmp_path / "commissions" / "engine")
    (tmp_path / "commissions" / "__init__.py").write_text("")
    (tmp_path / "commissions" / "engine" / "probe.py").write_text(PROBE)
    money = tmp_path / "commissions" / "engine" / "money.py"

    honest = _probed(tmp_path)
    money.write_text(
        money.read_text().replace("signed: int = quotient if", "signed: int = 1 + quotient if")
    )

    assert honest == 5
    assert _probed(tmp_path) == 6


def _probed(folder: Path) -> int:
    done = subprocess.run(
        [sys.executable, "-c", "from commissions.engine.probe import probe; print(probe(100))"],
        cwd=folder,
        env={"NUMBA_CACHE_DIR": str(folder / "cache"), "PATH": ""},
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout)


def test_numba_cache_dir_decides_where_the_cache_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "given"))

    assert _compile.cache_folder() == tmp_path / "given" / _compile.cache_name()


def test_without_a_writable_place_nothing_is_kept_and_nothing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "file"))

    assert _compile.cache_folder() is None


def test_the_cache_can_be_written_by_its_owner_only(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NUMBA_CACHE_DIR", str(tmp_path / "given"))

    folder = _compile.cache_folder()

    assert folder is not None
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
