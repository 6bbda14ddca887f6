"""The page's clock shows what the run's does: its script runs in the browser, on instants drawn."""

import json
import random
from datetime import datetime

import pytest

from sim.local_clock import DAY, MINUTE, local_clock
from sim.page.replay import parts

from . import browser

SCRIPT = parts.__file__.replace("replay/parts.py", "assets/replay_data.js")
CASES = [
    ("Europe/Berlin", datetime(2025, 3, 1, 6)),
    ("America/New_York", datetime(2025, 10, 1)),
    ("Australia/Lord_Howe", datetime(2025, 1, 1)),
    ("Asia/Damascus", datetime(2025, 1, 1)),
]


def methods():
    """Return what the script says of clocks: the methods from ``local`` to ``toldApart``."""
    with open(SCRIPT, encoding="utf-8") as file:
        text = file.read()
    begins = text.index("  local(seconds) {")
    return text[begins : text.index("\n  }\n", text.index("  toldApart(seconds)")) + 5]


@pytest.mark.long
def test_the_clock_of_the_page_is_that_of_the_run():
    rng, cases = random.Random(4), []
    for zone, start in CASES:
        clock = local_clock(start, zone, 0, 330 * DAY)
        instants = [rng.randrange(330 * 86_400) for _ in range(100)]
        near = [change.at // 1000 for change in clock.changes]
        instants += [at + rng.randrange(-7200, 7200) for at in near for _ in range(100)]
        cases.append((clock, instants))
    given = [[parts._clock_changes(clock).get("clock", []), own] for clock, own in cases]
    script = (
        f"class Clock {{ constructor(changes) {{ this.changes = changes; }}\n{methods()} }}\n"
        f"return {json.dumps(given)}.map(([changes, instants]) => {{"
        "  const clock = new Clock(changes);"
        "  return instants.map((at) => [clock.local(at), clock.instant(clock.local(at) - 1800),"
        "    clock.toldApart(at)]); });"
    )
    with browser.started() as driver:
        answers = driver.execute_script(script)

    for (clock, instants), told in zip(cases, answers, strict=True):
        for at, found in zip(instants, told, strict=True):
            local = clock.local(at * 1000)
            assert found == [
                (local - clock.local(0)) // 1000,
                clock.instant(local - 30 * MINUTE) // 1000,
                clock.told_apart(at * 1000),
            ]
