"""The page in a real browser, opened from disk as from a memory stick."""

import re

import pytest

from sim.cli import run
from sim.experiment import read_drives, read_results
from sim.page import write_page

from .browser import PHONE, Opened, started, why_not
from .page_results import ARCH, arched

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(bool(why_not()), reason=why_not() or "there is a browser"),
]

HOSTILE = (
    "</script><script>alert(1)</script>",
    "<b onclick='alert(1)'>bold</b>",
    "<img src=x onerror=alert(1)>",
    "$x$",
    "{{ 7 * 7 }} ${7 * 7} %s",
    "__proto__",
    "constructor",
    "\u0641\u0631\u064a\u0642 \u0635\u0627\u0641\u064a\u062a\u0627 12 (A)",
    "The very long name of a place that has the same first half as another, north of the river",
    "The very long name of a place that has the same first half as another, south of the river",
    "javascript:alert(1)",
    "&amp;&#x3C;\"quoted\" 'twice' \U0001f692",
)


@pytest.fixture(scope="session")
def driver():
    with started() as one:
        yield one


@pytest.fixture(scope="session")
def folders(tmp_path_factory):
    return tmp_path_factory.mktemp("pages")


def made(folder, scenario, *options, command="compare"):
    """Run a scenario and return its results folder."""
    common = ("--no-figures", "--replications", "2", "--quiet", "--out", folder)
    assert run([str(one) for one in (command, scenario, *common, *options)]) in (0, None)
    return folder


@pytest.fixture(scope="session")
def coast(folders):
    """The page of four weeks of the coast, under today and cover."""
    return write_page(made(folders / "coast", "coast-march-2025"))


@pytest.fixture
def page(driver, coast):
    return Opened(driver, coast)


def test_it_opens_from_disk_and_asks_for_nothing(page):
    """No server is needed, and nobody learns that it was opened."""
    page.find("#rp-first-difference").click()
    page.replay("r.play(true)")
    page.wait("return document.getElementById('rp-replay').replay.at > 3600")
    page.replay("r.play(false)")

    assert page.requested() == [page.url]
    assert page.complaints() == []


def test_nothing_in_the_page_is_fetched_from_elsewhere(coast):
    """Nor is there a style or a script that the content policy would block."""
    text = coast.read_text(encoding="utf-8")
    named = re.findall(
        r"""<[^>]+\s(?:src|href|xlink:href|action|data)\s*=\s*["']?([^"'\s>]+)""", text
    )

    assert [name for name in named if not name.startswith(("#", "data:image/"))] == []
    assert re.findall(r"<[a-z][^>]*\s(?:style|on[a-z]+)=", text) == []


def test_it_plays_and_pauses(page):
    before = page.text("#rp-clock")
    page.find("#rp-play").click()
    page.wait(f"return document.getElementById('rp-clock').textContent !== {before!r}")
    page.find("#rp-play").click()
    stopped = page.replay("return r.at")

    assert page.find("#rp-play").get_attribute("aria-pressed") == "false"
    assert page.replay("return r.at") == stopped > 0


def test_a_click_on_the_bar_of_time_goes_there(page):
    width = page.find("#rp-scrubber").size["width"]
    page.click_at("#rp-scrubber", width // 2, 40)

    part = page.replay("return r.at / r.shared.ends")
    assert part == pytest.approx(0.5, abs=0.01)


def test_the_first_difference_is_found_and_told(page):
    page.find("#rp-first-difference").click()

    first = page.replay("return Math.min(...r.partings.map((one) => one.at))")
    assert page.replay("return r.at") == first
    assert "Callout" in page.text("#rp-detail")
    assert "today" in page.text("#rp-detail")
    assert "cover" in page.text("#rp-detail")


def test_differences_are_those_that_explain_counts(page, folders, capsys):
    """One number in two places must be the same."""
    capsys.readouterr()
    run(["explain", str(folders / "coast")])
    said = " ".join(capsys.readouterr().out.split())
    told = re.search(r"(\d+) of (\d+) callouts differ\. Under cover, (\d+) .*? (\d+) later", said)

    assert page.replay(
        "const way = (sign) => r.partings.filter((p) => p.difference * sign > 0).length;"
        "return [r.partings.length, r.shared.count, way(-1), way(1)].join(' ')"
    ) == " ".join(told.groups())


def test_a_click_on_a_callout_tells_its_story_with_candidates(page):
    found = page.replay(
        "r.jump('largest-loss'); r.seek(r.at + 600); r.choose({});"
        "const own = r.views[0].layout(r.courses[0], r.at);"
        "const one = own.callouts.find((c) => !own.teams.some("
        "  (t) => Math.hypot(t.x - c.x, t.y - c.y) < 14));"
        "return [one.x, one.y, r.courses[0].number[one.callout]]"
    )
    page.click_at("#rp-map-0", round(found[0]), round(found[1]))

    assert f"Callout {found[2]}" in page.text("#rp-detail")
    page.find("#rp-detail summary").click()
    assert "expected in" in page.text("#rp-detail table")


def test_what_moves_on_the_map_is_what_was_simulated(page, folders):
    """At junctions teams are where the drives of the log have them, to some tens of metres."""
    results = read_results(folders / "coast")
    worlds = results.study.worlds
    drives = read_drives(results.folder, {name: world.names for name, world in worlds.items()})
    asked = [
        (side, one.team, point.at / 1000, point.lon, point.lat)
        for side, own in enumerate(drives.values())
        for one in own[::7]
        for point in one.way[1:-1]
        if point.at > one.way[0].at and point.at < one.way[-1].at
    ]
    far = page.replay(
        "return arguments[0].map(([side, team, at, lon, lat]) => {"
        "  const [x, y] = r.whereabouts(side, team, at);"
        "  return 111195 * Math.hypot((x - lon) * Math.cos(lat * Math.PI / 180), y - lat) })",
        asked,
    )

    assert len(asked) > 500
    assert max(far) < 150
    assert sorted(far)[len(far) // 2] < 30


@pytest.fixture(scope="session")
def arch(folders):
    return made(folders / "arch-results", arched(folders))


def test_teams_move_along_the_shape_of_their_roads(driver, arch):
    """A road around three sides of a square: at half its time a team is in the middle of it."""
    page = Opened(driver, write_page(arch))
    results = read_results(arch)
    worlds = results.study.worlds
    drives = read_drives(results.folder, {name: world.names for name, world in worlds.items()})
    out, home = (d for d in drives["today"] if len(d.way) > 1 and d.way[0][1:] != d.way[-1][1:])

    for drive, ends in ((out, (ARCH[0], ARCH[-1])), (home, (ARCH[-1], ARCH[0]))):
        begins, lasts = drive.way[0].at / 1000, (drive.way[-1].at - drive.way[0].at) / 1000
        seen = [
            page.replay("return r.whereabouts(0, 0, arguments[0])", begins + share * lasts)
            for share in (0, 0.5, 1)
        ]
        assert seen[0] == pytest.approx(ends[0], abs=1e-3)
        assert seen[1] == pytest.approx([36.05, 35.1], abs=2e-3)
        assert seen[2] == pytest.approx(ends[1], abs=1e-3)
    assert page.complaints() == []


def test_a_team_that_is_stopped_midway_stands_on_its_road(driver, arch):
    """The log has it at its share of the straight line between the junctions."""
    page = Opened(driver, write_page(arch))

    seen = page.replay(
        "const [from, to] = r.shared.pack.worlds[0].roads.slice(0, 2).map((ends) => ends[0]);"
        "const {lon, lat} = r.shared; const stop = lon.length;"
        "lon.push((lon[from] + lon[to]) / 2); lat.push((lat[from] + lat[to]) / 2);"
        "const there = r.shared.roads.along({points: [from, stop], shares: [0, 1]});"
        "const on = r.shared.roads.along({points: [stop, to], shares: [0, 1]});"
        "const at = (p) => [lon[p], lat[p]];"
        "return [there.points.map(at), on.points.map(at)]"
    )

    middle = pytest.approx([36.05, 35.1], abs=1e-4)
    assert seen == [[*ARCH[:2], middle], [middle, *ARCH[2:]]]


def test_a_place_has_its_curve_and_a_team_its_day(page):
    page.replay("r.seek(3 * 86400 + 3600); r.choose({place: 1})")
    assert len(page.driver.find_elements("css selector", "#rp-detail svg path.rp-second")) == 1

    page.replay("r.choose({team: 0})")
    assert len(page.driver.find_elements("css selector", "#rp-detail svg")) == 2
    assert "based at" in page.text("#rp-detail")


def test_keys_alone_are_enough(page):
    """Play, pause, seek, and a callout's story, without a mouse."""
    from selenium.webdriver import Keys

    page.run("document.getElementById('rp-play').focus()")
    page.press(Keys.SPACE)
    page.wait("return document.getElementById('rp-replay').replay.at > 600")
    page.press(Keys.SPACE)
    assert page.replay("return r.playing") is False

    page.press(Keys.HOME)
    page.press(Keys.ARROW_RIGHT)
    assert page.replay("return r.at") == 600
    page.press("+")
    assert page.find("#rp-speed").get_attribute("value") == "3600"
    page.press(Keys.END)
    assert page.replay("return r.at === r.shared.ends")

    page.replay("r.seek(2 * 86400)")
    page.run("document.querySelector('#rp-open button').focus()")
    page.press(Keys.ENTER)
    assert "Callout" in page.text("#rp-detail")


def test_a_phone_shows_one_map_and_the_other_at_a_touch(driver, coast):
    page = Opened(driver, coast, PHONE)
    shown = "return [0, 1].map((n) => document.getElementById(`rp-map-${n}`).offsetParent !== null)"

    assert page.run(shown) == [True, False]
    page.find("#rp-switch").click()
    assert page.run(shown) == [False, True]
    page.replay("r.jump('first-difference')")
    assert page.run("return document.documentElement.scrollWidth") <= PHONE[0]


def test_a_map_fits_a_screen_that_is_very_tall(driver, coast):
    """As where a whole page is photographed: else the map is a strip in an empty field."""
    page = Opened(driver, coast, (360, 3000))

    assert 300 < page.find("#rp-map-0").size["height"] <= 640


def test_it_draws_nothing_on_paper_and_does_not_stumble_over_it(page):
    assert page.text("#maps-heading") == "Two maps in step"
    page.command("Emulation.setEmulatedMedia", media="print")
    assert page.text("#maps-heading") == "The map, and one day", "which are what is printed of it"
    page.replay("r.seek(86400); r.draw()")
    page.command("Emulation.setEmulatedMedia", media="screen")
    page.replay("r.seek(2 * 86400); r.draw()")

    assert page.complaints() == []


def test_that_it_is_one_replication_stands_above_the_maps(page):
    """Under them it is read when the conclusion is drawn."""
    said = page.find("#rp-typical")

    assert "first of 2" in said.text
    assert said.location["y"] < page.find("#rp-map-0").location["y"]


def test_counts_of_callouts_that_differ_add_up(page):
    """Readers take "went differently" for "were reached at another time"."""
    told = page.text("#rp-notes li")
    every, sooner, later, other, same = map(int, re.findall(r"\d+", told))

    assert every == sooner + later + other + same
    assert every == page.replay("return r.shared.count")


@pytest.mark.parametrize("size", [PHONE, (1280, 900)])
def test_it_reads_from_right_to_left(driver, coast, size):
    page = Opened(driver, coast, size)
    page.speak("ar")
    page.replay("r.jump('largest-gain')")

    assert page.text("#rp-play") == "\u062a\u0634\u063a\u064a\u0644"
    assert "\u0627\u0644\u0628\u0644\u0627\u063a" in page.text("#rp-detail")
    assert page.run("return document.documentElement.scrollWidth") <= size[0]
    assert page.complaints() == []


def test_it_is_dark_where_the_screen_is(driver, coast):
    light = Opened(driver, coast).replay("return r.look.ground")
    dark = Opened(driver, coast, dark=True).replay("return r.look.ground")

    assert light != dark


def test_those_who_want_no_movement_get_the_events(driver, coast):
    """It goes from event to event, and says them."""
    page = Opened(driver, coast, calm=True)
    page.find("#rp-play").click()
    page.wait("return document.getElementById('rp-replay').replay.at > 0")

    assert page.replay("return r.at === r.lists.instantsOf(r.courses[0])[0]")
    assert page.find("#rp-events").get_attribute("aria-live") == "polite"
    assert "sent to callout" in page.text("#rp-events")


@pytest.mark.parametrize(
    ("language", "dark"), [("en", False), ("en", True), ("ar", False)], ids=str
)
def test_axe_finds_no_serious_fault(driver, coast, language, dark):
    page = Opened(driver, coast, dark=dark)
    page.speak(language)
    page.replay("r.jump('largest-gain')")
    page.run("document.getElementById('rp-signs').open = true")

    assert page.faults() == []


def test_a_frame_of_the_coast_takes_under_8_ms(page):
    """The median of frames over four weeks, both maps and the bar of time."""
    middle = (
        "const times = []; for (let i = 0; i < 200; i++) {"
        "  r.at = (i / 200) * r.shared.ends; const before = performance.now(); r.draw();"
        "  r.views.forEach((view) => view.ctx.getImageData(0, 0, 1, 1));"
        "  times.push(performance.now() - before) }"
        "return times.sort((a, b) => a - b)[100]"
    )

    assert min(page.replay(middle) for _ in range(3)) < 8, "reading a pixel waits for the drawing"


HOSTILE_WORLD = """
name: hostile
clock: {{start: "2024-01-01 00:00", length: 1 day}}
map:
  places: {{{places}}}
  roads: {{circuity: 1.3, speed: {{day: 60 km/h}}}}
  hospitals: {{{first}: {first}}}
demand:
  rate: 60 per day
  where: equal
  kinds: {{{second}: {{share: 100%, on_scene: 20 min, to: hospital, handover: 5 min}}}}
bases: {{{bases}}}
teams: {{{teams}}}
policies:
  {first}: {{dispatch: closest}}
  {second}: {{dispatch: {{cutoff: {{reserve: {{1: 1}}}}}}}}
"""


def quoted(name):
    return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'


@pytest.fixture(scope="session")
def hostile(folders):
    names = [quoted(name) for name in HOSTILE]
    scenario = folders / "hostile.yaml"
    scenario.write_text(
        HOSTILE_WORLD.format(
            places=", ".join(
                f"{name}: {{lat: {35 + i / 50}, lon: {36 + i % 4 / 50}}}"
                for i, name in enumerate(names)
            ),
            bases=", ".join(f"{name}: {{}}" for name in names),
            teams=", ".join(f"{name}: {{base: {name}}}" for name in names),
            first=names[0], second=names[1],
        ),
        encoding="utf-8",
    )  # fmt: skip
    return write_page(made(folders / "hostile", scenario))


def test_hostile_names_break_nothing(driver, hostile):
    """They are shown as they are written, and none is taken for markup."""
    page = Opened(driver, hostile)
    for c in range(12):
        page.replay(f"r.seek(r.shared.received[{c}] + 60); r.choose({{callout: {c}}})")
        page.replay(f"r.choose({{place: {c}}}); r.choose({{team: {c}}})")

    assert page.complaints() == []
    assert page.requested() == [page.url]
    teams = page.run("return document.getElementById('rp-teams').textContent")
    assert [name for name in HOSTILE if name not in teams] == []
    assert page.run("return document.querySelectorAll('#rp-replay b, #rp-replay img').length") == 0


def test_without_coordinates_it_says_so_and_lists(driver, folders):
    """A table of travel times has no map; events and lists are there all the same."""
    page = Opened(driver, write_page(made(folders / "queue", "textbook-mmc", "--days", "2")))
    page.replay("r.seek(r.shared.ends / 2)")

    assert page.complaints() == []
    assert page.replay("return r.hasMap") is False
    assert "there is no map" in page.text("#rp-message")
    assert page.text("#rp-events") != ""
    assert page.find("#rp-map-0").is_displayed() is False


def test_one_alternative_has_one_map_and_nothing_to_compare(driver, folders):
    page = Opened(
        driver,
        write_page(made(folders / "alone", "coast-march-2025", "--days", "1", command="run")),
    )
    page.replay("r.seek(43200); r.choose({place: 0}); r.choose({team: 0}); r.choose({callout: 3})")

    assert page.complaints() == []
    assert page.find("#rp-map-0").is_displayed()
    assert page.find("#rp-map-1").is_displayed() is False
    assert page.find("#rp-first-difference").is_displayed() is False


def test_a_run_without_callouts_is_an_empty_day(driver, folders):
    options = ("--set", "clock.length=2 h", "--set", "demand.rate=0.001 per day")
    page = Opened(driver, write_page(made(folders / "empty", "coast-march-2025", *options)))
    page.replay("r.seek(3600); r.choose({place: 0}); r.choose({team: 0})")

    assert page.replay("return r.shared.count") == 0
    assert page.complaints() == []
    assert page.find("#rp-first-difference").is_enabled() is False


def test_both_maps_move_together_when_one_is_dragged(page):
    """And the whole map is one button away."""
    from selenium.webdriver import ActionChains

    before = page.replay("r.zoom(2); return [r.camera.lon, r.camera.zoom]")
    canvas = page.find("#rp-map-1")
    page.run("arguments[0].scrollIntoView({block: 'center'})", canvas)
    ActionChains(page.driver).drag_and_drop_by_offset(canvas, 120, 40).perform()

    assert page.replay("return r.camera.lon") < before[0]
    assert page.replay("return r.views[0].camera === r.views[1].camera")
    page.find("#rp-whole").click()
    assert page.replay("return r.camera.zoom") == 1 < before[1]


def test_an_event_that_was_said_is_not_said_again(page):
    """A screen reader reads what is added to the list, so the rest stays as it is."""
    kept = page.replay(
        "r.seek(2 * 86400); const first = document.querySelector('#rp-events li');"
        "const next = r.lists.next(r.courses, r.at); r.seek(next);"
        "return [first.isConnected, document.querySelector('#rp-events li') !== first]"
    )

    assert kept == [True, True]
