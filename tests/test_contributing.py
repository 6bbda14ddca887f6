"""What those who contribute and release are told: its commands, files and names exist."""

import json
import re
import subprocess
import sys
import textwrap
import tomllib
from pathlib import Path

import pytest
import yaml

import sim
from sim.cli import main
from sim.cli.vocabulary import vocabulary
from sim.policies import LIBRARY
from sim.policies.contract.declarations import misdeclared
from sim.policies.dispatch_rules import dispatch
from sim.report import figure_input, figures, figures_of

from .policies import test_rules
from .report.test_figures import cut, overlapping, texts_of

ROOT = Path(__file__).parent.parent
PAGES = ("CONTRIBUTING.md", "CODE_OF_CONDUCT.md", "SECURITY.md", "docs/releasing.md")
TEMPLATES = sorted(
    path.relative_to(ROOT).as_posix() for path in (ROOT / ".github/ISSUE_TEMPLATE").glob("*.md")
)
WORKFLOW = ".github/workflows/ci.yml"
MADE = (".venv", "dist", "inputs")  # by the commands of these pages, or in a results folder
COMMAND = re.compile(r"(?:python -m sim|\brescuesim) ([a-z][a-z-]*|--[a-z]+)((?: [^ |&\n]+)*)")
PATH = re.compile(r"[\w.-]+/[\w./-]*|[\w-]+\.(?:md|toml|lock|cff|py)")


def text_of(page):
    return (ROOT / page).read_text(encoding="utf-8")


def said_in_code(page):
    """Return what a page says in the type of code: in a line, or in a block of shell."""
    text = text_of(page)
    blocks = re.findall(r"^```sh\n(.*?)^```", text, re.M | re.S)
    return [
        *blocks,
        *re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", text, flags=re.M | re.S)),
    ]


def anchors_of(page):
    """Return what its headings are linked to by."""
    titles = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), re.M)
    return {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}


@pytest.mark.parametrize("page", [*PAGES, "README.md", "docs/architecture.md"])
def test_what_a_page_links_to_is_there(page):
    missing = []
    for target in re.findall(r"\]\(([^)\s]+)\)", text_of(page)):
        name, _, heading = target.partition("#")
        path = (ROOT / page).parent / name if name else ROOT / page
        if not path.exists() or (heading and heading not in anchors_of(path)):
            missing.append(target)

    assert missing == []


@pytest.mark.parametrize("page", PAGES)
def test_the_files_that_a_page_names_are_there(page):
    """A path that has moved leads a newcomer nowhere."""
    named = {path for code in said_in_code(page) for path in PATH.findall(code)}

    assert [p for p in sorted(named) if not p.startswith(MADE) and not (ROOT / p).exists()] == []


@pytest.mark.parametrize("page", [*PAGES, *TEMPLATES])
def test_the_commands_that_a_page_names_are_there(page):
    """With the options that it gives them."""
    of_all = {option for param in main.params for option in param.opts}
    wrong = []
    for name, rest in (found for code in said_in_code(page) for found in COMMAND.findall(code)):
        if name not in main.commands:
            wrong += [name] if name not in of_all else []
            continue
        known = {option for param in main.commands[name].params for option in param.opts}
        wrong += [f"{name} {o}" for o in re.findall(r"--[a-z-]+", rest) if o not in known]

    assert wrong == []


def test_the_pages_name_commands():
    """Otherwise the test above would hold of anything."""
    found = {
        name
        for page in [*PAGES, *TEMPLATES]
        for code in said_in_code(page)
        for name, _ in COMMAND.findall(code)
    }

    assert found >= {"check", "glossary", "schema", "definitions", "compare", "effects", "upgrade"}


@pytest.mark.parametrize("name", ["RESULTS_VERSION", "FORMAT"])
def test_the_versions_that_a_release_raises_are_where_it_says(name):
    lines = [
        line
        for path in (ROOT / "sim" / "experiment").rglob("*.py")
        for line in path.read_text(encoding="utf-8").splitlines()
    ]

    assert len([line for line in lines if line.startswith(f"{name} = ")]) == 1


def test_the_hosted_checks_are_those_of_any_machine():
    """A check that only a host can run cannot be repeated by who has to pass it."""
    text = text_of(WORKFLOW)
    job = yaml.safe_load(text)["jobs"]["checks"]
    runs = [step["run"] for step in job["steps"] if "run" in step]
    uses = {step["uses"].partition("@")[0]: step for step in job["steps"] if "uses" in step}
    least = tomllib.loads(text_of("pyproject.toml"))["project"]["requires-python"]

    assert runs == ["bash .ci/run"]
    assert set(uses) == {"actions/checkout", "actions/setup-python"}
    assert ">=" + uses["actions/setup-python"]["with"]["python-version"] == least
    assert job["timeout-minutes"] == 75
    assert yaml.safe_load(text)["permissions"] == {"contents": "read"}


@pytest.mark.parametrize("page", TEMPLATES)
def test_a_template_asks_for_what_repeats_a_run(page):
    _, front, body = text_of(page).split("---\n", 2)

    assert set(yaml.safe_load(front)) == {"name", "about"}
    for asked in ("rescuesim --version", "rescuesim check", "cenario", "seed"):
        assert asked in body


def test_the_lock_file_is_written_from_the_report_of_pip():
    """As it is in the repository, whatever the order in which pip reports."""
    lock = text_of("requirements.lock")
    locked = re.findall(r"^(\S+)==(\S+) \\\n    --hash=sha256:(\w+)$", lock, re.M)
    installed = [
        {
            "is_direct": False,
            "metadata": {"name": name.title(), "version": version},
            "download_info": {"archive_info": {"hashes": {"sha256": digest}}},
        }
        for name, version, digest in reversed(locked)
    ]
    ours = {"is_direct": True, "metadata": {"name": "rescuesim", "version": "0"}}

    done = subprocess.run(
        [sys.executable, str(ROOT / ".ci" / "lock.py")],
        input=json.dumps({"install": [ours, *installed]}),
        capture_output=True,
        text=True,
        check=True,
    )

    assert len(locked) > 10
    assert done.stdout == lock


def recipe_block(name):
    """Return the Python that stands in the recipes after a mark, as one would paste it."""
    found = re.search(
        rf"^ *<!-- {name} -->\n *```python\n(.*?)^ *```", text_of("CONTRIBUTING.md"), re.M | re.S
    )
    return textwrap.dedent(found[1])


def test_the_recipe_for_a_dispatch_rule_works_as_it_stands(monkeypatch):
    """The rule, pasted into its module, passes the test that is pasted next to it."""
    rules, tests = dict(vars(dispatch)), dict(vars(test_rules))
    exec(compile(recipe_block("rule"), "<CONTRIBUTING.md, rule>", "exec"), rules)
    exec(compile(recipe_block("test"), "<CONTRIBUTING.md, test>", "exec"), tests)
    ((label, name),) = re.findall(r'`"(\w+)": (\w+)`', text_of("CONTRIBUTING.md"))
    (test,) = (tests[key] for key in tests.keys() - vars(test_rules).keys() if "test_" in key)
    monkeypatch.setitem(LIBRARY["dispatch"], label, rules[name])

    test()
    assert misdeclared(rules[name], "dispatch") == ""
    with monkeypatch.context() as without:
        without.setitem(LIBRARY["dispatch"], label, dispatch.Closest)
        with pytest.raises(AssertionError):
            test()


def test_the_recipe_for_a_figure_works_with_two_files(tmp_path, monkeypatch):
    """They are found where they are, drawn, and known to the glossary; nothing else is told."""
    section = text_of("CONTRIBUTING.md").partition("### A figure: 2 files")[2].partition("\n## ")[0]
    modules = re.findall(r"a module in `(sim/[\w/]+)`, here `(\w+)`", section)
    packages = {"sim/report/figures/": figures, "sim/report/figure_input/": figure_input}
    for (folder, name), block in zip(modules, ("picture", "numbers"), strict=True):
        own = tmp_path / folder
        own.mkdir(parents=True)
        (own / f"{name}.py").write_text(recipe_block(block), encoding="utf-8")
        package = packages[folder]
        monkeypatch.setattr(package, "__path__", [*package.__path__, str(own)])
        monkeypatch.delitem(sys.modules, f"{package.__name__}.{name}", raising=False)
    file = sim.load("first-steps", {"clock.length": "3 days"})
    study = sim.compare(file, replications=2)

    drawn = dict(figures_of(study.study, study.tables))

    order = list(drawn)
    assert len(modules) == 2
    assert order[order.index("response-by-hour") - 1] == "day-profile"
    texts = texts_of(drawn["response-by-hour"])
    assert overlapping(texts) == cut(texts, drawn["response-by-hour"]) == []
    assert "Response time by the hour of the day received." in [w.meaning for w in vocabulary()]
