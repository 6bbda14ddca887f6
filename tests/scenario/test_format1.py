"""Files of scenario format 1: each old name is told at its place, and `upgrade` replaces it."""

import json
import re
import stat
from pathlib import Path

import pytest

from sim.errors import ResultsError, ScenarioError
from sim.scenario import format1, read_scenario, shipped_scenarios
from sim.scenario.fields.schema import part_schema
from sim.scenario.format1 import DISTRIBUTIONS, FIELDS, new_path, old_names
from sim.scenario.text.source import Source, read_tree
from sim.scenario.upgrade import upgraded, write

KEPT = sorted((Path(__file__).parent / "format1").glob("*.yaml"))
REPRODUCERS = sorted((Path(__file__).parents[3] / "shared" / "repro").glob("*.yaml"))

# every field of format 1 once, and the same words where they are names, values or text
EVERY = """\
# desk: has, law, run
name: every
about: "law: gamma, and run: 7 days are words here; so is hand_over"
clock: {start: 2025-03-06 06:00, run: 7 days}  # run: as long as a week
map:
  places: {run: {lat: 35.5, lon: 35.8}, law: {lat: 35.6, lon: 35.9}}
  roads: {detour: 1.3, uncertainty: 20%, speed: {day: 50 km/h}}
  last_mile: {law: gamma, mean: 2 min, sd: 1 min}
  checkpoints:
    - {place: law, delay: {law: exponential, mean: 1 min}, turned_back: 1%, tries_again: 2 h}
  hospitals: {doors: {place: run, doors: 2}}
demand:
  rate: 10 per day
  day_to_day: {variance_over_mean: 3}
  surges: [{place: law, multiply: 2}]
  clusters: {sets_off: 0.2, after: {law: exponential, mean: 1 h}}
  incidents:
    - {at: day 2 08:00, place: law, kind: law,
       casualties: {number: 3, kind: law, found: {law: exponential, mean: 1 h}}}
  kinds:
    law:
      share: 100%
      on_scene: {law: gamma, mean: 20 min, sd: 5 min}
      on_scene_at: {law: {law: exponential, mean: 1 h}}
      to: hospital
      hand_over: {law: gamma, mean: 20 min, sd: 5 min}
      gives_up: {law: exponential, mean: 9 h}
      relieved_after: 6 h
      survival: {at_once: 90%, half_life: 20 min}
      people: {mean: 2, on_scene: 5 min, hand_over: 2 min}
      permission: {law: exponential, mean: 1 h}
      documentation: {law: exponential, mean: 1 h}
      deferrable: {keeps_free: 1, at_most: 2 h}
      danger: {share: 10%, safe_after: {law: exponential, mean: 1 h}, aborts_after: 45 min}
      device: {share: 10%, needs: [has], clears: {law: exponential, mean: 1 h}}
bases: {desk: {place: law}}
teams:
  has:
    base: desk
    has: [has]
    turnout: {law: exponential, mean: 1 min}
    on_scene: {law: exponential, mean: 1 h}
    breaks: [{lasts: 30 min, between: 12:00-14:00}]
  aid: {base: desk, reserve: {delay: {law: exponential, mean: 1 h}, lasts: 6 h, rests: 8 h}}
  town: {base: desk, on_call: {volunteers: run, skills: [skills], leaves_after: 15 min}}
volunteers:
  run:
    people: 9
    skills: {skills: 4}
    accepts: 50%
    answers: {law: exponential, mean: 1 min}
    comes: {law: exponential, mean: 5 min}
    tires: 5%
vehicles:
  'has': {base: desk, "has": [pump], available: 90%, repair: {law: exponential, mean: 5 h}}
desk:
  call_handling: {law: gamma, mean: 2 min, sd: 1 min}
  turnout: {law: exponential, mean: 1 min}
  send_returning: yes
policies:
  diversion: {dispatch: closest, diversion: never}
  sent:
    relocation: {dynaroc: {at_once: 2}}
    set: {desk.send_returning: no, demand.kinds.law.gives_up: 1 h}
  more: {diversion: {by_priority: {at_most: 2}}, set: {teams.has: {has: [pump], crew: 3}}}
study:
  replications: {at_most: 40, until: {response_p90: 5%}}
  vary:
    teams.has.has: [[pump], [rope]]
    demand.kinds.law.danger: [{safe_after: 1 h, aborts_after: 2 h}]
"""


def tree_of(text, name="old.yaml"):
    return read_tree(Source(name, text))


def diagnostics_of(path, flags=None):
    with pytest.raises(ScenarioError) as caught:
        read_scenario(path, flags)
    return caught.value.diagnostics


def pieces(text):
    """Return what is not a key: the comments and the words in quotes."""
    return re.findall(r"#.*|\"[^\"]*\"", text)


@pytest.fixture
def old(tmp_path):
    """Write a file of format 1 and return its path."""

    def put(text=EVERY, name="old.yaml"):
        path = tmp_path / name
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return put


# -- the table -----------------------------------------------------------------------------------


def properties(path):
    """Return the keys known at a dotted path of the schema, in which * is any name or number."""
    schema = part_schema()
    parts = [schema]

    def branches(part):
        if "$ref" in part:
            return branches(schema["$defs"][part["$ref"].rsplit("/", 1)[1]])
        choices = [*part.get("anyOf", ()), *part.get("oneOf", ())]
        return [b for c in choices for b in branches(c)] if choices else [part]

    for step in filter(None, path.split(".")):
        under = [b for p in parts for b in branches(p)]
        if step == "*":
            found = [b.get(k) for b in under for k in ("items", "additionalProperties")]
        else:
            found = [b.get("properties", {}).get(step) for b in under]
        parts = [p for p in found if isinstance(p, dict)]
    return {key for p in parts for b in branches(p) for key in b.get("properties", {})}


@pytest.mark.parametrize("path", FIELDS)
def test_every_new_name_is_a_field_and_no_old_name_is(path):
    """A table that errs would send people from one refusal to the next."""
    above, _, old = path.rpartition(".")

    assert FIELDS[path] in properties(above)
    assert old not in properties(above)


def distributions(part, path=()):
    """Yield the dotted paths at which the schema has a distribution."""
    schema = part_schema()
    if "$ref" in part:
        name = part["$ref"].rsplit("/", 1)[1]
        if name == "Distribution":
            yield ".".join(path)
            return
        part = schema["$defs"][name]
    for choice in [*part.get("anyOf", ()), *part.get("oneOf", ())]:
        yield from distributions(choice, path)
    for key, value in part.get("properties", {}).items():
        yield from distributions(value, (*path, key))
    for key in ("items", "additionalProperties"):
        if isinstance(part.get(key), dict):
            yield from distributions(part[key], (*path, "*"))


@pytest.mark.long
def test_law_is_looked_for_wherever_a_distribution_may_stand():
    assert set(distributions(part_schema())) == set(DISTRIBUTIONS)


def test_every_old_name_is_found_once_for_each_place():
    """The text above has every field of the table; names and values of the same word stay."""
    found = old_names(tree_of(EVERY))

    assert {n.old.rsplit(".", 1)[-1] for n in found} == {
        path.rsplit(".", 1)[-1] for path in FIELDS
    } | {"law"}
    assert not [n for n in found if n.loc[-2:] in (("kinds", "law"), ("teams", "has"))]


@pytest.mark.parametrize(
    ("path", "new"),
    [
        ("clock.run", "clock.length"),
        ("desk.send_returning", "dispatch_centre.dispatch_while_returning"),
        ("teams.St. Mary.has", "teams.St. Mary.capabilities"),
        ("demand.kinds.a.b.danger.aborts_after", "demand.kinds.a.b.scene_hazard.withdraw_after"),
        ("demand.kinds.fire.hand_over.law", "demand.kinds.fire.handover.distribution"),
        ("teams.A.crew", "teams.A.crew"),
        ("study.replications.at_most", "study.replications.at_most"),
    ],
)
def test_a_dotted_path_is_renamed_step_by_step(path, new):
    assert new_path(path) == new
    assert new_path(new) == new


def test_the_changelog_lists_every_name():
    """Under the heading of format 2, old and new in one row."""
    page = (Path(__file__).parents[2] / "CHANGELOG.md").read_text(encoding="utf-8")
    rows = [re.findall(r"\w+", row) for row in page.splitlines() if row.startswith("|")]

    for path, new in FIELDS.items():
        old = path.rpartition(".")[2]
        assert any(old in row and new in row[row.index(old) :] for row in rows), (old, new)


# -- told ----------------------------------------------------------------------------------------


def test_each_old_name_is_told_at_its_line_and_column_with_the_new_one(old):
    lines = EVERY.splitlines()

    diagnostics = diagnostics_of(old())

    assert len(diagnostics) == len(old_names(tree_of(EVERY))) > 50
    for m in diagnostics:
        word = re.match(r"'(.+)' is now '.+'$", m.message)[1]
        assert lines[m.line - 1][m.column - 1 :][: m.width].strip("\"'") == word
    assert [m.help for m in diagnostics[:-1]] == [""] * (len(diagnostics) - 1)
    assert "'rescuesim upgrade " in diagnostics[-1].help


def test_a_declared_format_1_is_told_though_no_name_is_old(desk):
    desk.put("a.yaml", "extends: first-steps\nname: a\nformat: 1\n")

    (diagnostic,) = diagnostics_of(desk.folder / "a.yaml")

    assert diagnostic.message == "format 1 is no longer read; this version reads format 2"
    assert (diagnostic.line, diagnostic.column) == (3, 9)
    assert "rescuesim upgrade" in diagnostic.help


def test_an_overlay_is_told_of_its_own_lines_also_where_it_removes(desk):
    """`null` would else be told to remove what the base has not."""
    text = "extends: first-steps\nname: a\ndesk: null\nclock: {run: null}\n"
    desk.put("a.yaml", text)

    assert [(m.line, m.message) for m in diagnostics_of(desk.folder / "a.yaml")] == [
        (3, "'desk' is now 'dispatch_centre'"),
        (4, "'run' is now 'length'"),
    ]


def test_both_an_overlay_and_its_base_are_told(desk, old):
    desk.put("base.yaml", EVERY)
    desk.put("a.yaml", "extends: base.yaml\nname: a\nclock: {run: 2 days}\n")

    files = {Path(m.file).name: m.help for m in diagnostics_of(desk.folder / "a.yaml") if m.help}

    assert list(files) == ["a.yaml", "base.yaml"]
    assert "base.yaml" in files["base.yaml"]


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("clock.run", "2 days", "'clock.run' is now 'clock.length'"),
        (("study", "vary", "clock.run"), "[1 day]", "'clock.run' is now 'clock.length'"),
        ("teams.Harbour", {"has": ["pump"]}, "'has' is now 'capabilities'"),
        ("demand.kinds.fire.on_scene", "{law: gamma}", "'law' is now 'distribution'"),
    ],
)
def test_a_flag_is_told_too(path, value, said):
    (diagnostic,) = diagnostics_of(shipped_scenarios()["first-steps"], {path: value})

    assert diagnostic.message == said
    assert diagnostic.file in ("--set", "--vary")


def test_an_old_column_is_told_at_the_header(desk):
    desk.put("h.csv", "name,place,doors\nNational,Lattakia,2\n")

    diagnostics = desk.refused(("hospitals: {National: Lattakia}", "hospitals: h.csv"))

    (diagnostic,) = diagnostics
    assert (Path(diagnostic.file).name, diagnostic.line, diagnostic.column) == ("h.csv", 1, 12)
    assert diagnostic.message == "the column 'doors' is now 'offload_bays'"
    assert diagnostic.help.endswith("small.yaml --tables")


# -- upgraded ------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", KEPT, ids=[path.stem for path in KEPT])
def test_a_shipped_scenario_of_format_1_becomes_that_of_format_2(path):
    """By content, and with all its comments."""
    text = upgraded(path).data.decode()

    now = shipped_scenarios()[path.stem].read_text(encoding="utf-8")
    assert tree_of(text).plain() == tree_of(now).plain()
    assert pieces(text) == pieces(path.read_text(encoding="utf-8"))


def test_names_values_comments_and_text_of_the_same_words_stay(old):
    text = upgraded(old()).data.decode()

    assert old_names(tree_of(text)) == []
    assert pieces(text) == pieces(EVERY.replace('"has":', '"capabilities":'))
    plain = tree_of(text).plain()
    assert list(plain["demand"]["kinds"]) == list(plain["demand"]["kinds"]["law"]["on_scene_at"])
    assert plain["teams"]["has"]["capabilities"] == ["has"]
    assert plain["volunteers"]["run"]["capabilities"] == {"skills": 4}
    assert plain["policies"]["sent"]["relocation"] == {"dynaroc": {"at_once": 2}}
    assert plain["policies"]["more"]["reassignment"] == {"by_priority": {"at_most": 2}}
    assert plain["study"]["replications"]["at_most"] == 40
    assert list(plain["study"]["vary"]) == [
        "teams.has.capabilities", "demand.kinds.law.scene_hazard",
    ]  # fmt: skip
    straight = re.sub(r"  checkpoints:\n.*\n", "", text)  # they need a road network
    assert read_scenario(old(straight)).scenario.format == 2


def test_only_names_change_line_by_line(old):
    text = upgraded(old()).data.decode()

    before, after = EVERY.splitlines(), text.splitlines()
    assert after.pop(1) == "format: 2"
    assert len(before) == len(after)
    for was, now in zip(before, after, strict=True):
        assert re.findall(r"\W", was.replace("desk.send", "")) == re.findall(
            r"\W", now.replace("dispatch_centre.dispatch", "")
        )


@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
def test_line_ends_and_byte_order_mark_stay(old, ends, mark):
    text = "# é\nname: x\nclock:\n  # run\n  run: 7 days\ndesk: {turnout: {law: gamma}}"
    path = old(mark + text.replace("\n", ends).encode())

    write(upgraded(path))

    expected = text.replace("  run:", "  length:").replace("desk", "dispatch_centre")
    expected = expected.replace("law", "distribution").replace("name", "format: 2\nname")
    declared = "\r\n" if ends == "\r\n" else "\n"
    assert (
        path.read_bytes()
        == mark
        + expected.replace("\n", ends).replace(f"format: 2{ends}", f"format: 2{declared}").encode()
    )


def test_what_is_upgraded_once_stays_as_it_is(old):
    path = old()
    write(upgraded(path))
    first = path.read_bytes()

    again = upgraded(path)

    assert (again.changes, again.data) == ((), first)


def test_a_file_half_in_format_2_is_finished(old):
    path = old("name: x\ndispatch_centre: {send_returning: true, turnout: {law: gamma}}\n")

    assert (
        b"dispatch_centre: {dispatch_while_returning: true, turnout: {distr" in upgraded(path).data
    )


def test_json_is_upgraded_as_json(old):
    scenario = {"name": "x", "clock": {"run": "7 days"}, "desk": {"turnout": {"law": "gamma"}}}
    path = old(json.dumps(scenario, indent=1), "x.json")

    assert json.loads(upgraded(path).data) == {
        "name": "x",
        "clock": {"length": "7 days"},
        "dispatch_centre": {"turnout": {"distribution": "gamma"}},
    }


def test_a_declared_format_1_becomes_2(old):
    path = old("format: 1  # as of 2025\nname: x\nclock: {run: 1 day}\n")

    assert upgraded(path).data.decode() == (
        "format: 2  # as of 2025\nname: x\nclock: {length: 1 day}\n"
    )


def test_an_overlay_is_not_given_a_format(old):
    assert upgraded(old("extends: x\nclock: {run: 1 day}\n")).data == (
        b"extends: x\nclock: {length: 1 day}\n"
    )


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("clock: {run: 1 day, length: 2 days}\n", "and both are written here"),
        ('clock: {"r\\u0075n": 1 day}\n', "'run' cannot be replaced here"),
        ("clock: &a {run: 1 day}\n", "anchors (&) are not read"),
        ("clock: {run: 1 day\n", "not readable as YAML"),
        ("- run\n", "a scenario is a mapping"),
    ],
)
def test_what_cannot_be_upgraded_is_refused_and_left_alone(old, text, said):
    path = old(text)

    with pytest.raises(ScenarioError) as caught:
        upgraded(path)

    assert said in caught.value.diagnostics[0].message
    assert path.read_text(encoding="utf-8") == text


def test_a_file_is_written_atomically_and_keeps_its_permissions(old, monkeypatch):
    path = old()
    path.chmod(0o640)
    new = upgraded(path)

    def full(_):
        raise OSError(28, "No space left")

    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", full)
        with pytest.raises(ResultsError, match="No space left"):
            write(new)

    assert path.read_text(encoding="utf-8") == EVERY
    assert [p.name for p in path.parent.iterdir()] == ["old.yaml"]
    write(new)
    assert stat.S_IMODE(path.stat().st_mode) == 0o640


@pytest.mark.parametrize("path", REPRODUCERS, ids=[path.stem for path in REPRODUCERS])
def test_scenarios_of_known_faults_can_be_upgraded_and_read(path, old):
    copy = old(path.read_text(encoding="utf-8"))
    if old_names(tree_of(path.read_text(encoding="utf-8"))):
        assert "is now" in diagnostics_of(copy)[0].message

    write(upgraded(copy))

    assert read_scenario(copy).scenario.format == 2


if not REPRODUCERS:

    def test_scenarios_of_known_faults_are_not_beside_this_project():
        """They lie beside a working copy of the project's own, in ../shared/repro."""
        pytest.skip("no ../shared/repro here")


def test_a_table_named_in_the_scenario_comes_with_its_columns(old):
    old("\ufeffname;place;doors\r\nA;B;2\r\n", "h.csv")

    (table,) = upgraded(old("map: {hospitals: h.csv}\n")).tables

    assert table.data == "\ufeffname;place;offload_bays\r\nA;B;2\r\n".encode()
    assert [tuple(change) for change in table.changes] == [(1, "", "doors", "offload_bays")]


def test_one_table_says_it_all():
    """What is told and what is replaced come from the same place, so they cannot disagree."""
    assert format1.COLUMNS == {"map.hospitals": {"doors": "offload_bays"}}
    assert format1.VALUES == {"demand.record.uses.*": {"hand_over": "handover"}}
