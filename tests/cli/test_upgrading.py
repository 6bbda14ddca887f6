"""``upgrade``: what it prints, what it writes, and what it leaves alone."""

import pytest

OLD = """\
# a week by the sea
name: old
clock: {start: 2025-03-06 06:00, run: 7 days}  # run
map:
  places: {Harbour: {}}
  hospitals: h.csv
demand:
  rate: 3 per day
  kinds: {job: {share: 100%, to: hospital, on_scene: {law: exponential, mean: 20 min}}}
bases: {Harbour: {}}
teams: {One: {base: Harbour}}
"""
TABLE = "name,place,doors\nClinic,Harbour,1\n"


@pytest.fixture
def old(tmp_path):
    """Write a scenario of format 1 with a table; return its path."""
    path = tmp_path / "old.yaml"
    path.write_text(OLD, encoding="utf-8")
    (tmp_path / "h.csv").write_text(TABLE, encoding="utf-8")
    return path


def test_a_scenario_and_its_tables_are_upgraded_and_then_fine(rescuesim, old):
    """From the refusal to a scenario that can be run, by the commands that are named."""
    refused = rescuesim("check", "old.yaml")
    assert refused.code == 2
    assert "old.yaml:3:34: error: clock.run: 'run' is now 'length'\n" in refused.err
    assert "'rescuesim upgrade old.yaml' renames these fields and keeps comments" in refused.err

    first = rescuesim("upgrade", "old.yaml")
    assert (first.code, first.err) == (0, "")
    assert first.out.splitlines() == [
        "old.yaml:3: run -> length   (clock)",
        "old.yaml:9: law -> distribution   (demand.kinds.job.on_scene)",
        "old.yaml: 2 names replaced; it is format 2 now",
        "h.csv has columns of format 1 (doors -> offload_bays): "
        "rescuesim upgrade old.yaml --tables",
    ]
    assert "rescuesim upgrade old.yaml --tables" in rescuesim("check", "old.yaml").err

    second = rescuesim("upgrade", "old.yaml", "--tables")
    assert second.out.splitlines() == [
        "old.yaml: already format 2",
        "h.csv:1: doors -> offload_bays",
        "h.csv: 1 name replaced",
    ]
    assert rescuesim("check", "old.yaml").out.startswith("old: fine")
    assert rescuesim("upgrade", "old.yaml", "--tables").out == "old.yaml: already format 2\n"


def test_with_out_the_original_is_left_alone(rescuesim, old):
    said = rescuesim("upgrade", "old.yaml", "--out", "new.yaml")

    assert said.code == 0
    assert "new.yaml: 2 names replaced; it is format 2, and old.yaml is as it was\n" in said.out
    assert old.read_text(encoding="utf-8") == OLD
    assert (old.parent / "new.yaml").read_text(encoding="utf-8").splitlines()[1] == "format: 2"


@pytest.mark.parametrize(
    ("flags", "code", "said"),
    [
        (("none.yaml",), 2, "there is no file 'none.yaml'"),
        (("old.yaml", "--out", "h.csv"), 2, "--out: h.csv is there already; name another file"),
        (("old.yaml", "--out", "x.yaml", "--tables"), 2, "--tables rewrites the tables where"),
        (("old.yaml", "--out", "none/x.yaml"), 4, "cannot write none/x.yaml: No such file"),
    ],
)
def test_what_cannot_be_done_is_refused_in_a_sentence(rescuesim, old, flags, code, said):
    found = rescuesim("upgrade", *flags)

    assert (found.code, found.out) == (code, "")
    assert said in found.err
    assert old.read_text(encoding="utf-8") == OLD


def test_every_old_name_is_told_however_many_there_are(rescuesim, old):
    """They are told in a line each, so the limit of twenty quoted lines does not hold."""
    teams = "".join(f"  T{n}: {{base: Harbour, has: [pump]}}\n" for n in range(40))
    old.write_text(OLD.replace("teams: {One: {base: Harbour}}\n", f"teams:\n{teams}"))

    said = rescuesim("check", "old.yaml").err

    assert said.count("'has' is now 'capabilities'") == 40
    assert said.endswith("42 errors\n")


def test_the_base_of_an_overlay_is_named(rescuesim, old):
    over = "extends: old.yaml\nname: over\nclock: {run: 2 days}\n"
    (old.parent / "over.yaml").write_text(over, encoding="utf-8")

    said = rescuesim("upgrade", "over.yaml")

    assert said.out.splitlines()[-1] == (
        "it extends old.yaml, which is in format 1: rescuesim upgrade old.yaml"
    )
