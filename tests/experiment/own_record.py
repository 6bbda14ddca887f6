"""A record made of a scenario's own log: what is true of it is known."""

import csv
from datetime import timedelta

from sim.experiment.running.alternatives import design_of
from sim.experiment.running.runner import Runner
from sim.scenario import find_scenario, read_scenario

MAPPING = """\
columns: {callout: call, received: received, kind: kind, place: place, unit: unit, entry: entry,
          dispatched: sent, en_route: moving, on_scene: there, left: left, at_hospital: hospital,
          cleared: free}
"""
HEAD = (
    "call", "received", "kind", "place", "unit", "entry", "sent", "moving", "there", "left",
    "hospital", "free",
)  # fmt: skip
TINY = """\
format: 2
name: tiny
clock: {start: 2025-01-06 00:00, timezone: UTC, length: 28 days}
map:
  places:
    Town: {area: Coast, weight: 1}
    Farm: {area: Hills, weight: 1}
  roads:
    table:
      Town: {Town: 1 min, Farm: 9 min}
      Farm: {Town: 9 min, Farm: 1 min}
  hospitals: {Clinic: Town}
demand:
  rate: 6 per day
  kinds:
    medical: {share: 50%, priority: 1, on_scene: 20 min, to: hospital, transported: 100%,
      handover: 15 min}
    fire: {share: 50%, priority: 2, on_scene: 30 min}
bases: {Town: {}}
teams:
  Engine: {base: Town, crew: 4, count: 3}
dispatch_centre: {call_handling: 2 min, turnout: 1 min}
policies:
  today: {dispatch: closest}
study: {seed: 1, replications: 2}
"""
VARIED = """\
format: 2
name: varied
clock: {start: 2025-01-06 00:00, timezone: UTC, length: 28 days}
map:
  places:
    Town: {lat: 0.0, lon: 0.0, weight: 1}
    Farm: {lat: 0.0, lon: 0.1, weight: 3}
  roads: {circuity: 1.0, speed: {day: 40 km/h}}
  local_travel: {median: 2 min, p90: 3 min}
demand:
  rate: 20 per day
  kinds:
    fire: {share: 50%, priority: 1, on_scene: {median: 20 min, p90: 30 min}}
    rescue: {share: 50%, priority: 2, on_scene: {median: 20 min, p90: 30 min}}
bases: {Town: {}}
teams:
  Engine: {base: Town, crew: 4, count: 6}
dispatch_centre: {call_handling: {median: 2 min, p90: 3 min}, turnout: {median: 2 min, p90: 3 min}}
policies:
  today: {dispatch: closest}
study: {seed: 1, replications: 2}
"""


def write_own_record(path, scenario, seed, days, changes=None):
    """Write the missions of one replication as a record, and return the scenario."""
    clock = {"clock.start": "2025-01-06 00:00", "clock.length": f"{days} days"}
    file = read_scenario(find_scenario(str(scenario)), {**clock, **(changes or {})})
    alternative = design_of([file], [next(iter(file.scenario.policies))]).alternatives[0]
    runner = Runner([alternative], seed)
    log, names = runner.log(alternative.name, 0), runner.worlds[alternative.name].names
    callouts = {c.callout: c for c in log.callouts}

    def written(at):
        when = None if at is None else file.scenario.clock.start + timedelta(milliseconds=at)
        return "" if when is None else when.isoformat(timespec="milliseconds")

    with path.open("w", newline="", encoding="utf-8") as out:
        table = csv.writer(out)
        table.writerow(HEAD)
        for m in sorted(log.missions, key=lambda m: (m.callout, m.dispatched, m.team)):
            if m.callout in callouts:
                c = callouts[m.callout]
                what = names.kinds[c.kind], names.places[c.place], names.teams[m.team]
                at = (c.ready, m.dispatched, m.en_route, m.on_scene, m.left, m.at_hospital,
                      m.cleared)  # fmt: skip
                table.writerow([c.callout, written(c.received), *what, *map(written, at)])
    return file
