"""Every link of a page in docs/ leads somewhere: to a file here, to a heading there."""

from pathlib import Path

import pytest

from tests.docs.pages import PAGES, anchors, links, read

OUTSIDE = ("https://", "http://", "mailto:")


def broken(page: Path) -> list[str]:
    """Return the links of a page that lead nowhere; those to other sites are not tried."""
    found = []
    for link in links(read(page)):
        if link.startswith(OUTSIDE):
            continue
        path, _, anchor = link.partition("#")
        goal = (page.parent / path).resolve() if path else page
        if not goal.exists() or (anchor and not has_anchor(goal, anchor)):
            found.append(link)
    return found


def has_anchor(page: Path, anchor: str) -> bool:
    return page.suffix == ".md" and anchor in anchors(read(page))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page: Path) -> None:
    assert broken(page) == []


def test_a_broken_link_is_noticed(tmp_path: Path) -> None:
    page = tmp_path / "a.md"
    page.write_text(
        "# A\n[a](#a) [b](#b) [c](c.md) [d](a.md#a) [e](https://example.com)\n```\n[f](f.md)\n```\n",
        encoding="utf-8",
    )

    assert broken(page) == ["#b", "c.md"]


@pytest.mark.parametrize("name", ["plan-language.md", "plan-examples.md"])
def test_no_two_headings_of_a_plan_page_have_the_same_anchor(name: str) -> None:
    page = next(page for page in PAGES if page.name == name)
    found = anchors(read(page))

    assert len({anchor for anchor in found if anchor[-2:] != "-1"}) == len(found)
