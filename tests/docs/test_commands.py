"""Commands on files that a page shows are run on the files it shows, and print what it says.

A block `csv NAME` is a file; so is a plan that begins with the comment `# NAME.toml`. In a block
`console` each line after `$ ` is a command; what stands below it, if anything, is what it prints.
"""

import re
import shlex
from pathlib import Path

import pytest

from commissions.files import main
from tests.docs.pages import PAGES, blocks, read

NAMED = re.compile(r"# ([\w-]+\.toml)\n")
ON_FILES = [page for page in PAGES if "$ python manage.py run_plan" in read(page)]


def commands(text: str) -> list[tuple[list[str], str]]:
    """Return the commands of a console, in words, each with what it prints."""
    found = []
    for shown in re.split(r"^\$ ", text, flags=re.MULTILINE)[1:]:
        command, _, printed = shown.partition("\n")
        found.append((shlex.split(command), printed))
    return found


@pytest.mark.parametrize("page", ON_FILES, ids=lambda page: page.name)
def test_commands_print_what_the_page_says(
    page: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    for block in blocks(read(page)):
        named = NAMED.match(block.text) if block.language == "toml" else None
        if block.language == "csv" or named:
            Path(named[1] if named else block.said).write_text(block.text, encoding="utf-8")
        if block.language != "console":
            continue
        for words, wanted in commands(block.text):
            assert printed_by(words, capsys) == wanted or not wanted, words


def printed_by(words: list[str], capsys: pytest.CaptureFixture[str]) -> str:
    """Return what a command prints; `cat` prints a file."""
    if words[0] == "cat":
        return Path(words[1]).read_text(encoding="utf-8")
    assert words[:2] == ["python", "manage.py"]
    main(words[2], words[3:], "manage.py")
    printed = capsys.readouterr()
    return printed.out + printed.err


def test_there_are_pages_with_commands() -> None:
    assert {page.name for page in ON_FILES} >= {"plan-language.md", "plan-examples.md"}
