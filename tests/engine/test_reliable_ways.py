"""A way that can be relied on pays where drives vary."""

from math import exp, log, log1p, sqrt
from statistics import NormalDist

from ..worlds import logged, world_of

NODES = "node,lat,lon\na,35.00,36.00\nb,35.00,36.20\nx,35.01,36.10\ny,34.90,36.10\n"
EDGES = "from,to,km,kmh,sd\na,x,10,60,60%\nx,b,10,60,60%\na,y,11,60,\ny,b,11,60,\n"
N = 600


def reached(rule):
    """Return response times to callouts at B, a team each [min]; the quick way varies by 60 %."""
    callouts = "\n".join(
        f"    - {{at: 'day {1 + i // 24} {i % 24:02}:00', place: B, kind: job}}" for i in range(N)
    )
    text = f"""
name: reliable
clock: {{start: 2025-01-06 00:00, length: 30 days, timezone: UTC}}
map:
  places: {{A: {{lat: 35.00, lon: 36.00}}, B: {{lat: 35.00, lon: 36.20}}}}
  roads: {{nodes: nodes.csv, edges: edges.csv, travel_time_cv: 0%}}
demand:
  kinds: {{job: {{share: 100%, on_scene: 1 min}}}}
  callouts:
{callouts}
bases: {{A: {{}}}}
teams: {{T: {{base: A, count: 2}}}}
policies: {{p: {{routing: {rule}}}}}
"""
    kept = logged(world_of(text, nodes=NODES, edges=EDGES))
    return sorted((c.on_scene - c.received) / 60_000 for c in kept.callouts)


def test_the_reliable_way_is_longer_on_average_and_sooner_for_nine_of_ten():
    """By X 20 min with a deviation of 12, by Y 22 min always; one deviation tips the scales."""
    fastest, reliable = reached("fastest"), reached("{reliable: {k: 1}}")

    assert reliable == [22.0] * N
    assert sum(fastest) / N < 22
    assert fastest[int(0.9 * N)] > 30


def test_the_way_that_varies_does_so_as_its_law_says():
    """The 90th percentile of the log-normal with mean 20 and deviation 12 min, within 3 errors."""
    variance = log1p(0.36)
    q90 = exp(log(20) - variance / 2 + sqrt(variance) * NormalDist().inv_cdf(0.9))

    below = sum(time <= q90 for time in reached("fastest")) / N

    assert abs(below - 0.9) < 3 * sqrt(0.09 / N)
