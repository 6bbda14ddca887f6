"""The terms of dispatch and rescue: what a planner's day is made of."""

from __future__ import annotations

from .term import Term, term

NFPA = "NFPA 1710, chapter 3"

CALLOUTS: tuple[Term, ...] = (
    term("callout", "One request for help: a place, a kind and the time it was received."),
    term("kind", "A class of callouts with the same needs, priority and work on scene."),
    term("priority", "How urgent a callout is: 1 is the most urgent, 9 the least."),
    term("demand", "How many callouts come, when, where and of which kinds."),
    term("season", "A part of the run with another demand that everybody knows beforehand."),
    term("trend", "Relative change of the demand in a year."),
    term("surge", "More callouts, or fewer, than usual for a time.", not_named="multiply"),
    term("incident", "One large event, such as a collapse, with several sites and casualties."),
    term("site", "A part of a large incident that is worked on separately."),
    term("casualty", "A person in need; those who work are *staff*."),
    term(
        "cluster",
        "Callouts that trigger others of their kind.",
        also="self-exciting process; Hawkes process",
        source="A. G. Hawkes, Biometrika 58(1) (1971) 83-90",
        not_said="sets off; set off",
        not_named="sets_off",
    ),
    term("branching ratio", "Callouts that each one of a cluster triggers directly, on average."),
    term(
        "dispersion index",
        "Variance of the daily counts over their mean; 1 for Poisson callouts.",
        also="index of dispersion",
        not_named="variance_over_mean",
    ),
    term("place", "Where callouts happen and bases stand: a point with a share of the demand."),
    term("area", "A group of places that is counted together."),
    term(
        "dispatch centre",
        "Where callouts are received, handled and dispatched.",
        not_said="dispatch desk; the desk",
        not_named="desk",
    ),
    term(
        "call handling", "From received to ready to dispatch, the wait for permission apart.", "min"
    ),
    term("received", "When the call came in: every response time begins here."),
    term("ready", "When a callout may be sent a team: handled, and permitted where it must be."),
    term("dispatched", "When the first team was sent."),
    term(
        "pending",
        "Said of a callout that is ready and has been sent no team yet.",
        not_said="callouts that waited; callout that waits for a team",
    ),
    term(
        "queue time",
        "From ready to dispatched.",
        "min",
        not_said="wait for a free team; waits for a free team; waited for a free team; "
        "waiting for a free team",
        not_named="wait_mean; wait_p90; share_waiting",
        named="queued",
    ),
    term(
        "turnout",
        "From dispatched to moving, for a team at its base.",
        "min",
        source=NFPA,
        named="en_route",
    ),
    term("travel time", "From moving to on scene.", "min", source=NFPA),
    term(
        "local travel",
        "The part of a drive between a place's centre and the door.",
        "min",
        not_said="last mile",
        not_named="last_mile",
    ),
    term("response time", "From received to the first team on scene.", "min", named="response"),
    term("on scene", "Where the work is done; also when the first team enters the scene."),
    term(
        "full attendance",
        "All the people and capabilities that a callout needs are on scene.",
        not_said="all that it needs; all that they need; all that the callout needs",
        named="attended; attending; attendance",
    ),
    term(
        "rescue", "The work on a scene is done; also the time until it is.", "min", named="rescuing"
    ),
    term(
        "survival",
        "A declared chance that falls with time; a value for comparisons, not medicine.",
        named="half_life",
    ),
    term(
        "abandonment",
        "The caller stops waiting before a team is sent: an *abandoned* callout.",
        source="O. Garnett, A. Mandelbaum, M. Reiman, Manufacturing & Service Operations "
        "Management 4(3) (2002) 208-227",
        not_said="gives up; give up; gave up; giving up",
        not_named="gives_up; gave_up",
        named="abandoned; abandons",
    ),
    term("lost", "Said of a callout that found no free team under a rule without a queue."),
    term(
        "dropped",
        "Said of a callout or mission left at the end of a shift where the rule says so, or, under "
        "a rule without a queue, for want of a capability.",
    ),
    term("served", "Said of a callout whose work was completed."),
    term("unfinished", "Said of a callout or mission that the end of the run censors."),
    term(
        "target",
        "A time, and the share of callouts (all, or of some kind, places or times) to be reached "
        "within it.",
    ),
    term("window", "A part of the run with results of its own, as while a road is closed."),
    term("horizon", "The time after which a callout counts as not reached.", "h"),
    term("not reached", "No team was on scene within the horizon."),
    term(
        "deferral",
        "A callout that can wait is held until enough teams are free for others.",
        not_said="held back; holding back; holds back; hold back",
        not_named="holding; keeps_free; held_back",
        named="deferred",
    ),
    term("deferrable", "Said of work that can wait and never goes before other callouts."),
    term("held", "Said of a deferrable callout that is not begun, so that teams stay free."),
    term("permission", "An authority's consent without which no team is sent."),
    term("documentation", "Further work on scene for the record, as for the recovery of the dead."),
    term("recovery", "The retrieval of the dead."),
)

TEAMS: tuple[Term, ...] = (
    term("team", "The unit that is dispatched: a crew with its vehicle and capabilities."),
    term("crew", "The people of one team on one shift or callout."),
    term(
        "staff",
        "Everyone who works: crews and volunteers.",
        not_said="the one worst off; the ones worst off",
    ),
    term(
        "capability",
        "Training or equipment that a callout may need and a team may have.",
        not_said="skill; skills",
        not_named="has; brings; skills",
    ),
    term("vehicle", "A vehicle apart from the teams that may take it."),
    term("base", "Where a team is stationed and starts from."),
    term(
        "standby point",
        "Where a free team waits to keep an area covered.",
        not_said="told to wait elsewhere; wait elsewhere",
    ),
    term(
        "relocation",
        "A free team is moved to cover an area better.",
        also="move-up",
        source="M. Gendreau, G. Laporte, F. Semet, Parallel Computing 27 (2001) 1641-1653",
    ),
    term("cover", "Demand that a free team can reach in time.", named="dmexclp; ddsm"),
    term("mission", "One team's part in one callout, from dispatched to cleared."),
    term("cleared", "When a team's mission ended and it could be sent again."),
    term("committed", "Said of a team from dispatched until it can be sent again."),
    term(
        "utilisation",
        "Time committed over time on duty; the q of rules of the MEXCLP family.",
        "share",
        source="M. Daskin, Transportation Science 17 (1983) 48-70",
        not_said="busy fraction",
        not_named="busy_fraction",
        named="busy_fraction",
    ),
    term(
        "stood down",
        "Said of a team that was stopped before it arrived.",
        not_said="called off",
        not_named="called off; called_off",
    ),
    term(
        "reassignment",
        "A team under way to one callout is sent to another.",
        not_said="diversion of teams; diversion of a team; diversion rule; team diverted",
        not_named="diversion; diverted",
        named="reassigned",
    ),
    term(
        "pre-emption",
        "A team is taken from the work on one scene for a more urgent callout.",
        source="L. Kleinrock, Queueing Systems II (1976), section 3.6",
        named="preempted; preemptive",
    ),
    term(
        "relief",
        "Another team takes over on scene.",
        not_named="relieved_after",
        named="relieved; relieve",
    ),
    term("shift", "Hours of duty under one name."),
    term("roster", "Who is on duty when, in turns."),
    term("break", "A rest within a shift.", not_named="lasts"),
    term(
        "limits of duty",
        "How long a crew may be on duty, and on how many exposing callouts, before it rests.",
        named="limits; limited",
    ),
    term(
        "mandatory rest",
        "Rest that the limits of a crew ask for: it is off duty, whatever its roster says.",
        named="resting; rested; rests",
    ),
    term("overtime", "Time on duty after the shift has ended.", "h per week"),
    term(
        "shortest rest",
        "Shortest time between two spells of duty in a run.",
        "h",
        not_said="least rest",
        not_named="least_rest; rests",
    ),
    term("spell", "One stretch of duty without a gap."),
    term(
        "most burdened",
        "The crew or volunteer with the largest value in a run.",
        not_said="worst off",
    ),
    term("volunteer", "A person who comes from home when alerted."),
    term("alert", "A message that asks a volunteer to come.", named="alerted"),
    term(
        "acceptance",
        "A volunteer's answer of yes to an alert; also the share of such answers.",
        not_named="accepts",
        named="accepted",
    ),
    term("answer delay", "From alert to answer.", "min", not_named="answers"),
    term(
        "travel to base",
        "From a volunteer's answer to arrival at the base.",
        "min",
        not_named="comes",
    ),
    term(
        "assembly",
        "Volunteers come together at the base until the crew can turn out.",
        not_said="muster; musters; nobody came",
        not_named="nobody came; leaves_after; came",
        named="assembled",
    ),
    term(
        "alert fatigue", "Acceptance falls with each alert of the last 24 hours.", not_named="tires"
    ),
    term(
        "turned out",
        "Said of a crew on call that has left for its callout.",
        not_said="crew left",
        not_named="crew left",
    ),
    term("on call", "Said of a crew that is at home and assembles when it is dispatched."),
    term("reserve", "A team that comes on duty only when it is called in."),
    term("call-in", "A reserve team is brought on duty.", not_named="calling", named="called in"),
    term("staffing", "The decision which reserves are called in."),
)

WORLD: tuple[Term, ...] = (
    term(
        "disruption",
        "A state of the world that delays teams: a closure, checkpoint, curfew, "
        "unsafe scene or full hospital.",
        not_said="stands in the way; stand in the way; stood in the way; gets in the way; "
        "pushes back; hindrance; hindrances; trouble; troubles",
        not_named="access; pressure; access.csv",
    ),
    term("complication", "What makes one callout harder: a hazard, a permission, a late finding."),
    term(
        "closure",
        "A road, or every road of an area, that nobody can use for a time.",
        not_said="way round; ways round; no way in",
        not_named="no_way",
        named="closed road",
    ),
    term("rerouted", "Said of a team that takes another road because of a closure."),
    term(
        "no access",
        "Said of a callout or team for which every road is closed.",
        not_said="no way to; waited cut off",
        not_named="cut off; cut_off",
    ),
    term("checkpoint", "A stop on the road that costs time and may refuse passage."),
    term(
        "refusal",
        "A checkpoint does not let a team pass.",
        not_said="turned back; tries again",
        not_named="turned_back; tries_again; turned back",
        named="refused",
    ),
    term("curfew", "Hours in which every team drives at another speed."),
    term(
        "kilometres driven",
        "How far teams drove, by what the drive was for; without local travel.",
        "km",
        named="kilometres",
        not_named="mileage",
    ),
    term("weather", "Hours, days or a season in which every team drives at another speed."),
    term(
        "vehicle speed",
        "How fast a team's vehicle is on every road, of the ordinary vehicle.",
        "%",
    ),
    term(
        "lights and sirens",
        "How an urgent callout is driven to: at a speed of its own, by priority.",
        source='L. H. Brown et al., "Do warning lights and sirens reduce ambulance response '
        'times?", Prehosp. Emerg. Care 4(1), 2000, 70-74',
    ),
    term(
        "staging",
        "A team waits close by until the scene is safe.",
        not_said="stands off; stand off; stood off; stand-off",
        not_named="stood_off; stand_off; stands off",
        named="staged",
    ),
    term(
        "withdrawn",
        "Said of a team that left because the scene stayed unsafe.",
        not_said="called away",
        not_named="aborted; called away; aborts_after",
        named="withdraw",
    ),
    term(
        "scene hazard",
        "A scene that cannot be entered at first.",
        not_named="danger",
        named="unsafe",
    ),
    term(
        "explosive hazard",
        "Explosive ordnance on a scene: no work until it is cleared.",
        source="International Mine Action Standard 04.10 (explosive ordnance)",
        not_said="device; devices",
        not_named="device; ordnance; blocked",
    ),
    term(
        "clearance",
        "A hazard is made safe or removed.",
        source="International Mine Action Standard 04.10",
        not_named="clears",
        named="cleared",
    ),
    term(
        "road clearance",
        "Work that opens a blocked road, as with a loader.",
        not_said="road opening",
    ),
    term(
        "exposure",
        "Declared danger times people times time.",
        "person-h",
        named="exposed; exposing",
    ),
    term("road", "A stretch of the network with a length and a speed."),
    term(
        "circuity",
        "Road length over straight-line distance.",
        source="R. Ballou, H. Rahardja, N. Sakai, Transportation Research Part A 36 (2002)",
        not_said="detour factor",
        not_named="detour",
    ),
    term(
        "travel_time_cv",
        "Coefficient of variation of a drive: standard deviation over mean.",
        not_named="uncertainty",
    ),
    term("routing", "The decision by which road a team drives."),
    term("drive", "A team's movement from one spot to a place, with its way and its instants."),
    term("way", "The points that a drive passes, each with its instant."),
    term("hospital", "Where people are taken."),
    term("destination", "The decision to which hospital people are taken."),
    term(
        "handover",
        "A patient passes from the team to the hospital's staff.",
        "min",
        not_said="hand-over; hand-overs",
        not_named="hand_over",
    ),
    term(
        "offload bay",
        "A place at a hospital where one team at a time hands over.",
        not_said="hospital door; hospital doors",
        not_named="doors",
    ),
    term(
        "offload delay",
        "Wait at a hospital before the handover begins.",
        "min",
        named="offload delayed",
        source="D. R. Cooney et al., Prehospital Emergency Care 15(4) (2011)",
        not_said="waits at doors; wait at doors; waits at the door; waited at its door; "
        "waited at hospital doors; at doors; wait at the door",
    ),
    term(
        "hospital diversion",
        "A hospital that is full or closed sends teams to another.",
        source="D. R. Cooney et al., Prehospital Emergency Care 15(4) (2011)",
    ),
    term(
        "referral",
        "A hospital outside the region, for when those near are closed or full.",
        named="referred",
    ),
)
