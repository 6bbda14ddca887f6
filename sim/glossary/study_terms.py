"""The terms of simulation and statistics: how a study is run, and what its words claim."""

from __future__ import annotations

from .term import Term, term

LAW = "A. M. Law, Simulation Modeling and Analysis, 5th ed., 2015"

STUDIES: tuple[Term, ...] = (
    term("scenario", "A file that says all of a study: places, demand, teams, policies, targets."),
    term("policy", "A set of rules under which a scenario is run."),
    term("rule", "What answers one kind of question, such as which team to send."),
    term("alternative", "One of the things compared: a policy, perhaps with other values."),
    term("baseline", "The first alternative, from which differences are taken."),
    term("run", "One simulated period, from the start to the end of the clock's length."),
    term(
        "local clock",
        "What clocks in the scenario's time zone show, daylight saving time included.",
        also="wall clock",
        named="local_clock",
    ),
    term("replication", "One of several independent runs of the same period."),
    term(
        "warm-up",
        "A time simulated before the measured period and cut out.",
        source=LAW + ", chapter 9",
    ),
    term(
        "common random numbers",
        "Every alternative meets the same callouts with the same draws.",
        also="CRN",
        source=LAW + ", chapter 11",
        not_said="luck; keyed luck",
    ),
    term("random stream", "A sequence of random numbers with one purpose."),
    term("draw", "One value taken from a distribution.", not_said="by lot; drawn by lots"),
    term(
        "distribution",
        "Probabilities of a time or number.",
        not_said="probability law",
        not_named="law",
        named="lognormal; exponential; gamma; empirical",
    ),
    term("seed", "The number from which every random number follows."),
    term(
        "trace-driven simulation",
        "A run on recorded callouts in place of generated ones.",
        source=LAW + ", chapter 6",
    ),
    term(
        "staffing frontier",
        "Alternatives to which none with as few teams on duty is better in a measure.",
    ),
    term("record", "A table of past callouts as they happened.", named="recorded"),
    term(
        "fit",
        "Find the parameters of a model under which a record is most likely.",
        source=LAW + ", chapter 6",
        named="fitted",
    ),
    term(
        "pooling",
        "Estimates from few data lean on what is common to all, the more the fewer they are.",
        also="empirical Bayes",
        named="pooled",
        source="B. P. Carlin, T. A. Louis, Bayesian Methods for Data Analysis, 3rd ed., 2008, "
        "chapter 5",
    ),
    term("replay", "An animation of one run; never a simulation of a record."),
    term(
        "log",
        "Every callout, mission, decision and event of a run, with its instant.",
        named="logged",
    ),
    term("event", "Something that happened to a team, volunteer, vehicle or road in a run."),
    term("outcome", "How a callout ended."),
    term("ending", "How a mission ended."),
    term("decision", "One question to a rule, with its candidates, the answer and the reason."),
    term(
        "resume",
        "To continue an interrupted study from its finished replications.",
        not_said="go on from what is finished; goes on from what is finished",
    ),
    term("reproduce", "To run a results folder again and compare every number.", not_named="rerun"),
    term("measure", "A number with a unit and a formula that a study reports."),
    term("observation", "What the log says of one callout, as one row of numbers."),
    term("figure", "A chart or map of results, as PNG and SVG."),
    term("sweep", "A series of alternatives that differ in one or two values."),
    term("effect", "A finding published by others, with which the simulator is compared."),
    term(
        "hindsight bound",
        "A value that no dispatch rule can beat, even one that knows the future.",
        not_said="price of information",
    ),
    term(
        "expected value of perfect information",
        "How much better a decision would be if the future were known.",
        also="EVPI",
        source="H. Raiffa, R. Schlaifer, Applied Statistical Decision Theory, 1961 (recalled, not "
        "checked)",
    ),
    term(
        "internal error",
        "A fault of this program, not of a file or flag.",
        not_said="our own mistake",
    ),
    term(
        "written atomically",
        "Written so that a file is either complete or absent.",
        not_said="whole or not at all; whole, or not at all",
    ),
)

STATISTICS: tuple[Term, ...] = (
    term("interval", "A 95 % confidence interval, unless another level is named."),
    term("precision", "Half the width of an interval."),
    term(
        "low reliability",
        "Said of an interval that may be too narrow.",
        not_said="weak interval; weak intervals",
        not_named="weak",
    ),
    term("mean", "The sum of all values over their number."),
    term("median", "The value that half of all do not exceed; the 50th percentile."),
    term(
        "percentile",
        "The 90th percentile is the value that 90 % of all do not exceed.",
        not_said="9 of 10; nine of ten; 9 in 10",
        named="p90; 90th percentile",
    ),
    term(
        "restricted mean",
        "Mean of min(T, horizon) over all callouts: who is never reached counts "
        "as the whole horizon.",
        "min",
        source="P. Royston, M. K. B. Parmar, BMC Medical Research Methodology 13 (2013) 152",
    ),
    term("censored", "Said of a time of which only is known that it is longer, as the run ended."),
    term(
        "variance reduction factor",
        "How many times more replications would be needed without pairing.",
        not_said="times less",
        source=LAW + ", chapter 11",
        named="variance_reduction_factor; variance_left",
    ),
    term(
        "control variate",
        "A quantity of known mean by which an estimate is corrected.",
        source=LAW + ", chapter 11",
        named="controlled",
    ),
    term("difference", "Alternative minus baseline on the same replications."),
    term("margin", "Differences below it do not matter."),
    term(
        "validation",
        "A scenario is run on the period of a record, and both are compared.",
        source=LAW + ", chapter 5",
        named="validate",
    ),
    term("tolerance", "How far a simulation may be from a record and still agree with it."),
    term("quantile", "The value within which a share of all lies."),
    term("calibration", "Predicted shares within a time next to those recorded."),
    term(
        "Kolmogorov-Smirnov distance",
        "The largest difference of two shares within a time, over all times.",
        also="KS",
        named="ks",
    ),
    term(
        "verdict",
        "What may be said of a difference: better, worse, no material difference or inconclusive; "
        "too few to tell of few callouts.",
    ),
    term("primary", "Said of measures on which alternatives are judged together."),
    term("exploratory", "Said of all other judged measures: what they show needs to be confirmed."),
    term("family", "The comparisons that are adjusted for each other."),
    term(
        "no material difference",
        "The difference is shown to be smaller than the margin.",
        source="D. J. Schuirmann, J. Pharmacokinetics and Biopharmaceutics 15 (1987) 657-680",
        not_said="cannot be told apart",
        named="p_equivalence",
    ),
    term("inconclusive", "Neither a difference nor its absence is shown.", not_said="undecided"),
    term("gate", "The first test of a verdict: that as many callouts are reached as before."),
    term("coverage", "How often an interval contains the true value."),
    term(
        "bootstrap",
        "Drawing data from the data themselves, again and again, to see how estimates vary.",
        source="B. Efron, Ann. Statist. 7 (1979) 1-26",
    ),
    term("drawn record", "A record made of weeks drawn at random from another.", named="drawn"),
    term(
        "input uncertainty",
        "The error of results that comes from the record a scenario was fitted to.",
        source="R. R. Barton, B. L. Nelson, W. Xie, INFORMS J. Comput. 26 (2014) 74-87",
        named="inputs",
    ),
    term(
        "confirmation",
        "The best of several, estimated again on replications not used to choose it.",
    ),
    term(
        "selection",
        "The choice of the best of many alternatives with a stated probability.",
        named="select",
    ),
    term("fairness", "How equal areas and kinds are in a measure."),
    term("gap", "Largest minus smallest value of all groups."),
    term("Gini", "The Gini coefficient: half the mean absolute difference over the mean."),
    term(
        "equally-distributed equivalent",
        "The value that would be as good if all groups had it.",
        also="EDE",
    ),
    term("correlation", "Pearson's coefficient between paired replications."),
    term("p value", "Chance of a difference at least as large if there were none.", named="p"),
)

# Plain English for words that are old-fashioned, and no terms.
PLAIN: dict[str, str] = {
    "anew": "again",
    "beside": "next to",
    "lets go": "release",
    "mended": "fixed",
    "mends": "fixes",
    "nought": "zero",
    "whereupon": "then",
    "whom": "who",
}
