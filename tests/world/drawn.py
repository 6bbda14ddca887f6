"""Small worlds whose demand is looked at, without a run."""

from ..worlds import world_of

TEXT = """
name: demand
clock: {start: 2025-01-08 06:30, length: 28 days, warm_up: 2 days, timezone: UTC}  # a Wednesday
map:
  places: {A: {weight: 5, area: North}, B: {weight: 3, area: North}, C: {weight: 2, area: South}}
  roads: {table: {A: {B: 1 min, C: 1 min}}}
  hospitals: {H: A}
demand:
  rate: 40 per day
  hours: [3, 2, 2, 2, 2, 3, 5, 7, 9, 10, 10, 10, 10, 9, 9, 9, 9, 9, 9, 8, 7, 6, 5, 4]
  kinds:
    fire: {share: 30%, on_scene: {mean: 50 min, sd: 20 min}}
    wounded: {share: 70%, on_scene: {median: 18 min, p90: 30 min}, to: hospital,
      transported: 50%, handover: {distribution: exponential, mean: 20 min},
      abandons_after: {mean: 1 h, sd: 1 h}}
bases: {A: {}}
teams: {T: {base: A}, S: {base: A, turnout: {distribution: exponential, mean: 2 min}}}
"""
HOURS = [3, 2, 2, 2, 2, 3, 5, 7, 9, 10, 10, 10, 10, 9, 9, 9, 9, 9, 9, 8, 7, 6, 5, 4]


def demand_of(*lines, text=TEXT, overrides=None, **tables):
    """Return the demand of the small world with lines of YAML more under ``demand``."""
    more = "".join(f"  {line}\n" for line in lines)
    return world_of(text.replace("  kinds:\n", f"{more}  kinds:\n"), overrides, **tables).demand


def by_key(demand, replication=0, seed=3):
    """Return what each callout is, with all its draws and without its number, by its key."""
    found = {m.key: (c[1:], m) for c, m in demand.callouts(seed, replication)}
    assert len(found) == sum(1 for _ in demand.callouts(seed, replication))
    return found


def received(demand, replications=1, seed=3):
    """Return the callouts of some replications, in the order of time in each."""
    return [
        sorted((c for c, _ in demand.callouts(seed, r)), key=lambda c: c.number)
        for r in range(replications)
    ]
