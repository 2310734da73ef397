"""The pages hang together: links lead somewhere, paths exist, both languages say the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from dev.docs import sources

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
PAGES = sorted([*ROOT.glob("*.md"), *DOCS.rglob("*.md")])
RECORDS = sorted(DOCS.glob("adr/[0-9]*.md"))

_LINK = re.compile(r"\]\(([^)#\s]*)(?:#([^)\s]+))?\)")
_FENCE = re.compile(r"(?ms)^```.*?^```")
_CODE = re.compile(r"`[^`\n]+`")


def name_of(page: Path) -> str:
    return str(page.relative_to(ROOT))


def links(page: Path) -> list[tuple[str, str]]:
    """(path, anchor) of every link to a file of ours."""
    found = _LINK.findall(_CODE.sub("code", _FENCE.sub("", page.read_text("utf-8"))))
    return [(path, anchor) for path, anchor in found if "://" not in path]


def anchors(page: Path) -> set[str]:
    """The anchors of a page's headings, as the usual viewers make them."""
    headings = re.findall(r"(?m)^#+ (.*)$", _FENCE.sub("", page.read_text("utf-8")))
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_links_lead_somewhere(page: Path) -> None:
    for path, anchor in links(page):
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), path
        assert not anchor or anchor in anchors(target), f"{path}#{anchor}"


def test_every_page_can_be_reached_from_the_readme() -> None:
    reached, waiting = set(), [ROOT / "README.md"]
    while waiting:
        page = waiting.pop()
        if page in reached or page.suffix != ".md":
            continue
        reached.add(page)
        waiting += [(page.parent / path).resolve() for path, _anchor in links(page) if path]
    assert {name_of(page) for page in DOCS.rglob("*.md")} <= {name_of(page) for page in reached}


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_paths_of_the_checkout_exist(page: Path) -> None:
    named = re.findall(r"`((?:hongyan|docs|dev|tests|bench)/[\w./-]+\.\w+)`", page.read_text("utf-8"))
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_pages_that_the_code_points_to_exist() -> None:
    named = {
        path for source in sources() for path in re.findall(r"docs/[\w/-]+\.md", source.read_text("utf-8"))
    }
    assert [path for path in sorted(named) if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("record", RECORDS, ids=name_of)
def test_a_decision_record_is_half_a_page_in_three_parts(record: Path) -> None:
    text = record.read_text("utf-8")
    assert re.findall(r"(?m)^## (.*)$", text) == ["Context", "Decision", "Consequence"]
    assert text.startswith(f"# {record.name[:4]} ")
    assert len(text.split()) < 400


def test_decision_records_are_numbered_without_gaps() -> None:
    assert [record.name[:4] for record in RECORDS] == [
        f"{number:04}" for number in range(1, len(RECORDS) + 1)
    ]


@pytest.mark.parametrize("stem", ["README", "docs/tutorial/two-source-files-one-customer"])
def test_both_languages_show_the_same_commands(stem: str) -> None:
    english, chinese = (
        _FENCE.findall((ROOT / f"{stem}{ending}").read_text("utf-8")) for ending in (".md", ".zh.md")
    )
    assert chinese == english
