"""The drives of a results folder: written for the first replication, read back, checked."""

import gzip
import shutil

import pytest

from sim.errors import ResultsError
from sim.experiment import Runner, design_of, logs_of, read_drives, read_results
from sim.experiment.results.reproduce import run_again as reproduce
from sim.experiment.running.processes import InProcess
from sim.world import Courses, waypoints

from ..worlds import logged
from .conftest import run_and_write
from .damage import bomb, rehash

ROADS = """\
name: roads
clock: {start: 2025-01-06 00:00, length: 2 days, warm_up: 12 h}
map:
  places:
    =A: {lat: 35.00, lon: 36.00}
    ب: {lat: 35.00, lon: 36.20}
  roads: {nodes: nodes.csv, edges: edges.csv}
  hospitals: {H: =A}
demand:
  rate: 20 per day
  kinds: {job: {share: 100%, on_scene: 40 min, to: hospital, handover: 10 min}}
bases: {=A: {}}
teams: {=T: {base: =A}, فريق: {base: =A}}
study: {replications: 3}
policies: {"=today": {}, later: {dispatch: {cutoff: {reserve: {1: 1}}}}}
"""
NODES = "node,lat,lon\na,35.00,36.00\nb,35.00,36.20\nx,35.01,36.10\n"
EDGES = "from,to,km,kmh\na,x,10,60\nx,b,10,60\n"
DRIVES = "drives.csv.gz"


@pytest.fixture(scope="module")
def roads(tmp_path_factory):
    """A study on roads, written."""
    folder = tmp_path_factory.mktemp("roads")
    for name, text in (("roads.yaml", ROADS), ("nodes.csv", NODES), ("edges.csv", EDGES)):
        (folder / name).write_text(text, encoding="utf-8")
    return run_and_write(folder / "roads.yaml", folder / "results")


@pytest.fixture
def copied(roads, tmp_path):
    return shutil.copytree(roads.folder, tmp_path / "copy")


def names_of(written):
    return {name: world.names for name, world in written.study.worlds.items()}


def test_drives_come_back_as_they_were_logged(roads):
    found = read_drives(roads.folder, names_of(roads))

    assert list(found) == ["=today", "later"]
    for name, drives in found.items():
        world = roads.study.worlds[name]
        log = logged(world, name, drives=True)
        courses = Courses(world.travel, world.file.places)
        wanted = [
            (row, way)
            for team in range(2)
            for row, way in waypoints(
                courses, [r for r in log.drives if r.team == team], 0, world.ends
            )
        ]
        assert len(drives) == len(wanted) > 20
        for drive, (row, way) in zip(drives, wanted, strict=True):
            assert drive[:3] == row[:3]
            assert drive[4:7] == row[4:7]
            assert [p.at for p in drive.way] == [p.at for p in way]
            assert all(
                abs(x - y) < 1e-5 for p, q in zip(drive.way, way, strict=True)
                for x, y in zip(p[1:], q[1:], strict=True)
            )  # fmt: skip


def test_a_team_is_on_every_road_of_its_way(roads):
    drives = read_drives(roads.folder, names_of(roads))["=today"]
    longest = max(drives, key=lambda drive: len(drive.way))

    assert {(36.0, 35.0), (36.1, 35.01), (36.2, 35.0)} <= {p[1:] for p in longest.way}
    assert {drive.origin for drive in drives} <= {"'=A", "ب", "a", "b", "x"}


def test_only_the_first_replication_is_kept(roads):
    assert {*logs_of(roads.folder, 2)} == {"=today", "later"}

    assert read_drives(roads.folder, names_of(roads), 2) == {"=today": [], "later": []}


def test_nothing_is_kept_where_no_log_is(roads, tmp_path):
    text = ROADS.replace("replications: 3", "replications: 3, logged: 0")
    for name, own in (("roads.yaml", text), ("nodes.csv", NODES), ("edges.csv", EDGES)):
        (tmp_path / name).write_text(own, encoding="utf-8")
    written = run_and_write(tmp_path / "roads.yaml", tmp_path / "results")

    assert not (written.folder / DRIVES).exists()
    assert read_drives(written.folder, names_of(written)) == {"=today": [], "later": []}
    design = design_of([written.file])
    assert Runner(design.alternatives, 1).log("later", 0).drives == []


def test_a_replication_of_very_many_callouts_keeps_none(roads, tmp_path, monkeypatch):
    """They would take as much memory as all other rows."""
    monkeypatch.setattr("sim.experiment.running.drive_text.MOST_CALLOUTS", 30)
    written = run_and_write(roads.folder.parent / "roads.yaml", tmp_path / "results")

    assert not (written.folder / DRIVES).exists()


def test_a_table_without_coordinates_has_drives_without_ways(written):
    drives = read_drives(written.folder, names_of(written))["الغطاء"]

    assert len(drives) > 10
    assert {drive.way for drive in drives} == {()}


def test_altered_and_missing_drives_are_told(roads, copied):
    (copied / DRIVES).write_bytes((copied / DRIVES).read_bytes() + b"\0")
    with pytest.raises(ResultsError, match="not the file that the manifest describes"):
        read_drives(copied, names_of(roads))

    (copied / DRIVES).unlink()
    with pytest.raises(ResultsError, match=r"drives\.csv\.gz is missing"):
        read_drives(copied, names_of(roads))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (" 36.", " 136x."), (" 35.", " 95."), (" 35.", " nan."), (" 35.0", " "), (";", "; "),
        ("=T", "nobody"), (",ب,", ",nowhere,"), (",0,", ",0,-99999999999999,"),
    ],
)  # fmt: skip
def test_damaged_drives_are_told_though_their_hash_is_right(old, new, roads, copied):
    text = gzip.decompress((copied / DRIVES).read_bytes()).decode()
    assert old in text
    (copied / DRIVES).write_bytes(gzip.compress(text.replace(old, new).encode()))
    rehash(copied, DRIVES)

    with pytest.raises(ResultsError, match=r"drives\.csv\.gz is damaged"):
        read_drives(copied, names_of(roads))


def test_drives_that_unpack_to_very_much_are_refused(roads, copied):
    header = gzip.decompress((copied / DRIVES).read_bytes()).split(b"\n")[0] + b"\n"
    bomb(copied / DRIVES, 300, header)
    rehash(copied, DRIVES)

    with pytest.raises(ResultsError):
        read_drives(copied, names_of(roads))


def test_running_again_gives_the_same_drives_and_tells_others(roads, copied):
    def again(folder):
        return reproduce(folder, lambda design, runner: InProcess(runner))

    assert again(copied).identical
    assert DRIVES in again(copied).compared

    text = gzip.decompress((copied / DRIVES).read_bytes()).decode()
    head, row, rest = text.split("\n", 2)
    changed = row.replace(" 36.00000", " 36.00001", 1)
    (copied / DRIVES).write_bytes(gzip.compress("\n".join([head, changed, rest]).encode()))
    rehash(copied, DRIVES)
    assert again(copied).difference.startswith(f"{DRIVES}, line 2, way: ")


def test_other_results_are_read_without_drives(roads, copied):
    """A folder of an earlier version has none."""
    text = (copied / "manifest.json").read_text(encoding="utf-8")
    (copied / DRIVES).unlink()
    lines = [line for line in text.split("\n") if DRIVES not in line]
    (copied / "manifest.json").write_text("\n".join(lines), encoding="utf-8")

    assert read_results(copied).study.replications == 3
    assert read_drives(copied, names_of(roads)) == {"=today": [], "later": []}
