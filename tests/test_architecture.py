"""What docs/architecture.md says of the code: what it names is there, and its picture is true."""

import re
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "architecture.md"
TEXT = PAGE.read_text(encoding="utf-8")
IN_CODE = re.findall(r"`([\w./*-]+/[\w./*-]*)`", TEXT)


@pytest.mark.parametrize("path", sorted(set(IN_CODE)))
def test_the_modules_and_folders_it_names_are_there(path):
    """As they are called in ``sim``, or in the repository."""
    assert [*(ROOT / "sim").glob(path), *ROOT.glob(path)]


def test_a_link_to_a_module_says_where_it_leads():
    """Somebody reads the page on paper."""
    named = re.findall(r"\[`([^`]+)`\]\(\.\./([^)]+)\)", TEXT)

    assert len(named) > 50
    assert [pair for pair in named if pair[1] not in (pair[0], f"sim/{pair[0]}")] == []


def test_the_way_of_a_callout_passes_through_the_stages():
    """From what people write to what they read."""
    table = TEXT.partition("## The way of one callout")[2].partition("\n## ")[0]
    passed = set(re.findall(r"\.\./sim/(\w+)", table))

    assert passed >= {
        "scenario", "world", "engine", "policies", "log", "outcomes", "experiment", "report",
    }  # fmt: skip


def test_the_picture_has_the_stages_and_folders_that_there_are():
    """It is drawn from the order of imports, so it cannot show an older house."""
    drawn = runpy.run_path(str(PAGE.parent / "architecture" / "draw.py"))

    present = drawn["PICTURE"].read_text(encoding="utf-8") == drawn["picture"]()
    assert present, "draw it again: python docs/architecture/draw.py"
