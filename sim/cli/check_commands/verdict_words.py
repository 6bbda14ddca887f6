"""The text of docs/verdicts.md: what a verdict means, its basis and its limits."""

from __future__ import annotations

from sim.outcomes.inference.replications import FEW
from sim.outcomes.measured.inequality import LEAST
from sim.outcomes.observed.sample import LEAST_HORIZON, TIMES_THE_TARGET
from sim.outcomes.verdicts.gate import ABANDONED, BAND, HARM, KEPT_WAITING

from .pages import markdown

COMMAND = "rescuesim coverage --out docs"
_FORM = "<form>"  # stands for how the command was run
_LEAST_HOURS = LEAST_HORIZON // 3_600_000

_TABLE = markdown(
    ("word", "what it means"),
    (
        ("identical", "the same in every replication"),
        ("no verdict", f"fewer than {FEW} replications: intervals are not reliable"),
        (
            "no material difference",
            "shown to be smaller than the margin, by two one-sided tests (Schuirmann 1987), "
            "whether or not it is zero",
        ),
        (
            "better, worse",
            "clearly different (adjusted p below 5 %), and for *better* the gate is open",
        ),
        ("at a price", "clearly a gain, but the gate has failed"),
        ("mixed", "of an alternative: better in some primary measures, worse in others"),
        (
            "inconclusive",
            "neither a difference nor its absence is shown; the interval says what can be "
            "excluded, and the row gives the number of replications needed",
        ),
        (
            "too few to tell",
            f"of a place or window: fewer than {LEAST} callouts, or callouts in fewer than {FEW} "
            "replications",
        ),
    ),
)

HEAD = f"""\
# Verdicts: what they mean, and how often they are wrong

`rescuesim compare` calls alternatives *better*, *worse* or *no material difference*. This page
says what these words are based on, and how often they are wrong. How often is counted, not derived:
this page and its table, `verdicts.csv`, are written by

```sh
{COMMAND}{_FORM}
```

A small form, `rescuesim coverage --quick`, runs with the checks of every change. Both end with
exit code 1 where a bound below is exceeded by more than chance.

## What is judged

A replication is one run of the whole period with random numbers of its own, and in each all
alternatives have the same callouts. Callouts of one replication share a busy or a quiet week, so
only replications are independent, and every interval here is one over replications. Estimates are
ratios of sums over all of them (Cochran 1977), so each callout has the same weight.

The response time *T* runs from received to the first team on scene. Two measures come first. In
both every callout counts, and neither depends on the length of the run:

* **Not reached within τ**: the share of callouts with *T* > τ.
* **Restricted mean response time**: the mean of min(*T*, τ) over all callouts (Irwin 1949;
  Royston and Parmar 2013). A callout never reached counts with τ. One still pending when the run
  ends, after *c* < τ, counts with *c* and the mean further time of those that had been pending as
  long, by the estimator of Kaplan and Meier (1958).

The mean of those reached is shown, but never judged: it falls when people are abandoned. The 90th
percentile is judged, and the share within each target. A callout never reached is not within any
time, and where more than 10 % are not reached there is no 90th percentile ("never").

**τ** comes from the scenario, never from results: `study: {{horizon: 8 h}}`, or else
{TIMES_THE_TARGET} times the longest target, rounded up to 1, 2, 4, 8, 12, 24, 48 or 72 hours or a
week, at least {_LEAST_HOURS} hours and at most a quarter of the run. A short τ could be
abused: abandoning a callout would cost little more than reaching it late, while the freed teams
reach all others sooner. So a shorter declared τ holds for the restricted mean alone, not for the
share not reached.

## The gate: people first

No percentile and no target protects people who are not reached: once a callout has missed its
target, abandoning it costs nothing more. So a gate comes before any other verdict:

1. *All callouts.* The gate is open if the share not reached is shown to rise by no more than 0.5
   percentage points (`margin: {{unreached: 0.5 pp}}`): the upper limit of the rise lies below. It
   has failed if the share clearly rises. Otherwise it is inconclusive.
2. *Classes.* Kinds, places, priorities and {BAND}-hour bands of the day, and windows of the run
   where `study.by` asks for them. If the share not reached clearly rises by more than
   {100 * HARM:.0f} points in any (Holm over all classes and alternatives), the gate has failed and
   the class is named: *harmed*, or *abandoned* if {ABANDONED:.0%} or more are not reached. So is a
   class whose restricted mean clearly rises by {100 * KEPT_WAITING:.0f} % of τ or more (*left
   waiting*): help after hours is not help.

An alternative whose gate has failed is *worse*, even if it gains elsewhere; those gains are *at a
price*. While the gate is inconclusive, so are gains. Losses need no gate.

## Intervals: the envelope

With *y* and *n* the sums of a replication and *x* their ratio over all *R* replications, the
errors are *e* = (*y* − *x n*) / mean(*n*), those of a paired difference the differences of two
such errors in the same replication, and *s* is their standard error. Student's *t* interval, *x*
± *q s*, is too short here: results of a queue by week are skewed, and the true value lies above the
interval too often. Hall's transformation (1992) corrects for the skewness:

> *H*(*z*) = (3/*a*) ((1 + *a* (*z* − *a*/6))^(1/3) − 1), *a* = *g* / √*R*, *g* = (1 + 7/*R*) *G*₁

with *G*₁ the usual skewness of the errors; in a small sample it is biased downwards, and the factor
corrects for that. Alone, Hall's interval is too short where errors have heavy tails on both sides.
So at each end the farther of the two limits is taken, which we call the *envelope*:

> from min(*x* − *q s*, *x* − *s H*(*q*)) to max(*x* + *q s*, *x* − *s H*(−*q*))

p values come from the same formula, inverted, so an interval excludes zero exactly where its p
value is below 5 %. A share of zero has the interval of the rule of three, on replications.

A percentile has the interval of all times at which the share reached may be the one asked for
(Woodruff 1952), with Hall's interval for that share, *g* = (1 + 3/*R*) *G*₁, and the errors taken
at each of these times. Differences of percentiles have the envelope of their linearised errors.

## Families and words

Differences are judged together, because if many are judged separately, some always seem clear. The
*primary* family holds the primary measures over all callouts, of all alternatives: *not reached*,
*restricted mean*, *90th percentile* and each target, or what `primary` in `study` names. Its p
values are adjusted by Holm's method (1979): if each p value is right, the probability of even one
false finding is at most 5 %. All other measures and groups with a direction are *exploratory*,
adjusted by Benjamini and Hochberg's (1995): of what is found there, at most 5 % is false on average
if rows are independent. They are not quite independent, so it is counted below. Rows whose errors
are the same in every replication count once. Measures without a direction have a difference, and no
verdict.

{_TABLE}
*Inconclusive* is not *no difference*. The first verdict in the table that holds is used, so a
difference that is clear, and clearly smaller than the margin, is *no material difference*.

Of several alternatives, one *could be the best* in the restricted mean unless some other is
clearly shorter (one-sided envelope, 5 % over the number of others), as in subset selection (Gupta
1965). One whose gate has failed cannot be.

## By place and window

Where `study.by` asks for places or windows of the run ([targets.md](targets.md)), each has its own
differences in the share not reached, the restricted mean and each target, and there are many. So
all of one table are judged together by Benjamini and Hochberg's method, apart from all else, and
what is found is exploratory:

* A gain has two gates to pass: that of all callouts, and the same test within the place or window.
  Where it is not shown that as many are reached there, the gain is *inconclusive*.
* No p value is smaller than that of a sign test on the replications that differ at all: where only
  five do, how much they differ by says little.
* *From all* is the difference there less that over all callouts, with an interval of its own. That
  one is clear and the other is not does not show that the two differ; this does.
* Windows are classes of the gate as well, with Holm's method apart from the other classes: to ask
  for windows can show harm, and hides none.
* Percentiles are not compared: near one there are few times in a group. In overloaded random worlds
  a difference of two 90th percentiles that did not exist had p below 5 % in 13 % of groups at 12
  replications. Of what is judged, 0.4 to 1.8 % of 500 studies from five such worlds had any false
  verdict in a table, at 10, 12 and 30 replications (`tests/outcomes/test_group_differences.py`).

The answer says where an alternative is *worse* than the baseline in a place or window though over
all callouts it is not: the largest are named, the others counted. That it is *better* somewhere is
said only where it is not over all callouts, and *from all* is clear and above the margin.
"""

METHOD = """\
## How often: the method

Three shipped scenarios are run for many replications. From such a pool studies of *R*
replications are drawn at random with replacement. So the value in the pool is exactly the true
value for these studies, and each of them is read, judged and gated by the same functions as any
other.
"""

COUNTED = (
    "The bounds that the command checks, within three standard errors of the count: intervals "
    "of the restricted mean, the targets and their paired differences contain the true value in at "
    "least 92.5 % of studies of 10 and 93.5 % of larger ones, and on neither side does the true "
    "value lie outside in more than 4 %; the same for the share not reached from 30 replications "
    "on. Other bounds are in the tables."
)

QUEUE = """\
### Do intervals contain the true value?

`coverage-queue` is a queue with five teams, a week a replication, at loads of 0.6 (3 callouts an
hour) and 0.88 (4.4 an hour). Cells such as "95.3 (3.6/1.1)" give the percentage of studies in
which the interval contained the true value, and in brackets those in which the true value lay
above and below it; studies without an interval are left out. *t* is the same for Student's *t*
alone, *width* how much wider the envelope is, on average. *Skewness* is that of the replications
in the pool; the errors of a percentile change with the study, so there it has none.
"""

DIFFERENCES = """\
Paired differences from `first come`. *At the margin* says how often *no material difference* would
be said if the margin were exactly the true difference, which is meant to be 5 %.
"""

RING = """\
### What is found where there is no difference?

`coverage-ring` has run cards that are equivalent by construction: renaming its towns turns one
card into another. With the towns renamed at random in each draw, eight of them have exactly the
same distribution in the pool, for every kind, priority and town. So any difference found
between them is false. `town 0 last` really is worse. Percentages are of studies or, where stated,
of alternatives or rows:
"""

POWER = """\
How often the true differences of `town 0 last` are found: at 5 % for each row, in a study with
the baseline only, and in a study with all eight alternatives.
"""

WORDS = """\
### Verdicts on alternatives that differ

The verdict on each alternative of the queue as a whole, in per cent of studies, for *R* in
ascending order, next to the true differences from `first come`.
"""

GATE = """\
The gate must not open for an alternative that leaves more people without help. In these pairs the
share not reached differs by more than the margin. The table shows how often the gate would open,
by its first condition, for the worse of the two, with the other as the baseline.
"""

REFUSALS = """\
### Can a rule gain a verdict by abandoning people?

`coverage-refusal` is `first-steps` with two rules that serve everyone (`reserve`, `first come`)
and three that abandon some: `starve` never serves a fire, `nohill` never a village, `noqueue`
turns away callouts that find no team free. In per cent of studies of 10 and 30 replications;
*named* is how often the refused class is named as abandoned. In no study may a rule that abandons
people be better, overall or in any measure.
"""

LIMITS = f"""\
## Limits

* **Ten replications say little.** Their intervals contain the true value because they are wide;
  below {FEW} there is no verdict.
"""

RARE = (
    "* **Rare bad weeks.** Where what counts happens in one week in ten or fewer, ten replications "
    "often hold no such week, and no formula can know of it. As far as is measured here, both "
    "tails stay near 4 % up to a skewness of about 2.5; for more, run 30 replications."
)

FURTHER_LIMITS = """\
* **Differences of two percentiles** are linearised, and from ten replications their tails are
  unequal; rely on the restricted mean and the targets first.
* **No material difference** from ten replications is said too readily where errors are skewed; it
  is near its 5 % from 30 on.
* **The gate has an error, too.** It is a limit of 95 %: where the true rise is just the margin,
  it is meant to be open in 2.5 % of studies.
* **Repeated looks.** `--until` looks at fixed numbers of replications and stops when its
  interval is short enough. Repeating a study with other seeds until the verdict is the desired
  one is not covered.
* **The winner of many** looks better than it is. Estimate it again on replications that were not
  used to choose it.
* **The pool is not reality.** The counts hold for queues and rules like these. Demand in
  clusters, disruptions, and the utilisation of single teams are not measured here. An interval
  covers random variation in the simulation, never errors in the scenario.
"""

REFERENCES = """\
## References

* Y. Benjamini, Y. Hochberg, "Controlling the false discovery rate: a practical and powerful
  approach to multiple testing", *J. R. Stat. Soc. B* 57(1), 1995, 289-300.
* W. G. Cochran, *Sampling Techniques*, 3rd ed., 1977, sec. 6.3 (recalled, not checked).
* S. S. Gupta, "On some multiple decision (selection and ranking) rules", *Technometrics* 7(2),
  1965, 225-245.
* P. Hall, "On the removal of skewness by transformation", *J. R. Stat. Soc. B* 54, 1992, 221-228
  (recalled, not checked).
* S. Holm, "A simple sequentially rejective multiple test procedure", *Scand. J. Stat.* 6(2),
  1979, 65-70.
* J. O. Irwin, "The standard error of an estimate of expectation of life, with special reference
  to expectation of tumourless life in experiments with mice", *J. Hyg.* 47(2), 1949, 188-189.
* E. L. Kaplan, P. Meier, "Nonparametric estimation from incomplete observations", *J. Am. Stat.
  Assoc.* 53(282), 1958, 457-481.
* P. Royston, M. K. B. Parmar, "Restricted mean survival time: an alternative to the hazard ratio
  for the design and analysis of randomized trials with a time-to-event outcome", *BMC Med. Res.
  Methodol.* 13, 2013, 152.
* D. J. Schuirmann, "A comparison of the two one-sided tests procedure and the power approach for
  assessing the equivalence of average bioavailability", *J. Pharmacokin. Biopharm.* 15(6),
  1987, 657-680.
* R. S. Woodruff, "Confidence intervals for medians and other position measures", *J. Am. Stat.
  Assoc.* 47, 1952, 635-646.
"""


def head(small: bool) -> str:
    """Return the words above the tables, with the command that made them."""
    return HEAD.replace(_FORM, " --quick" if small else "")
