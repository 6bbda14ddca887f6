"""
What a report of a simulation study has to say, item by item, and what only its author can say.

The items are those of two public lists, both looked up and given here in our own words: STRESS-DES
[1]_, by its numbers, and the readiness checklist of the Health Service Modelling Associates [2]_,
whose items have no numbers of their own. The last list, of people and permissions, is ours.

References
----------
.. [1] T. Monks, C. S. M. Currie, B. S. Onggo, S. Robinson, M. Kunc and S. J. E. Taylor,
   "Strengthening the reporting of empirical simulation studies: introducing the STRESS guidelines",
   Journal of Simulation 13(1), 2019, 55-67.
.. [2] S. Rosser and A. Heather, "Model readiness checklist", HSMA, des.hsma.co.uk.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple


class ReportItem(NamedTuple):
    """An item of a list: its number, its title, and the questions that only an author answers."""

    number: str
    title: str
    questions: tuple[str, ...] = ()


class ReportList(NamedTuple):
    """A list of items in sections, and where it comes from."""

    name: str
    source: str
    sections: dict[str, tuple[ReportItem, ...]]

    @property
    def items(self) -> Iterator[ReportItem]:
        """All items, in order."""
        return (item for items in self.sections.values() for item in items)


QUESTIONS = {
    "purpose": "What is the study for: which decision, who takes it, and why a model?",
    "rationale": "Why these alternatives and no others?",
    "data_collection": "How were the data collected: by which service, when, how many records?",
    "pre_processing": "What was done to the data before they were put into the scenario?",
    "distribution_choice": "How were the distributions chosen, and against which others?",
    "assumptions_agreed": "Who was asked whether the assumptions and defaults hold?",
    "warm_up_choice": "How was the length of the warm-up found and looked at?",
    "replications_choice": "Why this number of replications?",
    "machine": "Which processor and how much memory did it run on, and how long did it take?",
    "where_kept": "Where are the scenario, its data and the results kept, under which licence?",
    "callouts_looked_at": "Who looked at the callouts over time, and at the gaps between them?",
    "pending_looked_at": "Who looked at how many callouts are pending over time?",
    "times_looked_at": "Who looked at the times drawn: are any far too long or too short?",
    "stages_seen": "Who saw that callouts reach every stage of the model?",
    "journeys_followed": "Which callouts were followed from received to cleared, by which person?",
    "callouts_against_record": "How do the callouts compare with a record: how many, which, when?",
    "times_against_record": "How do times on scene, turnout and drives compare with a record?",
    "outcomes_against_record": "How do response times compare with those of the service itself?",
    "process_agreed": "Who at the service agreed that this is how it works?",
    "results_discussed": "Who at the service was shown the results, and what did they say?",
    "decisions": "What was decided or changed while the study was under way, and why?",
    "reviewed_by": "Who else read the scenario and any code of your own?",
    "sensitivity": "Which inputs were varied, and how much did the results change?",
    "extremes_tried": "What happens with hardly any callouts, and with far too many?",
    "distributions_tested": "Which statistical test compares the distributions with data?",
    "warm_up_method": "By which method was the warm-up found (rescuesim warm-up: MSER-5)?",
    "comparison_tested": "Which automated test compares outcomes with a record?",
    "tracked": "Where are faults and open work tracked?",
    "site": "Where is the documentation of the study to be read online?",
    "quality_assurance": "How was quality assured, and by which person?",
    "archive": "In which open archive does it lie, under which identifier?",
    "online": "Where can it be run without being installed?",
    "interface": "Which interface is there for people who use no command line, and where?",
    "animation": "Which animation of a run was shown, to which people?",
    "authors": "Who are the authors, where do they work, and what are their identifiers (ORCID)?",
    "funding": "Who paid for the study?",
    "consent": "Who allowed the use of the data, and how are the people in them protected?",
    "interests": "What interests of the authors bear on the results?",
}

STRESS = ReportList(
    "STRESS-DES",
    "Monks, Currie, Onggo, Robinson, Kunc and Taylor (2019), Strengthening the reporting of "
    "empirical simulation studies: introducing the STRESS guidelines, Journal of Simulation "
    "13(1), 55-67",
    {
        "Objectives": (
            ReportItem("1.1", "Purpose of the model", ("purpose",)),
            ReportItem("1.2", "Model outputs"),
            ReportItem("1.3", "Aims of experimentation", ("rationale",)),
        ),
        "Logic": (
            ReportItem("2.1", "Overview of the base model"),
            ReportItem("2.2", "Base model logic"),
            ReportItem("2.3", "Scenario logic: how alternatives differ"),
            ReportItem("2.4", "Algorithms"),
            ReportItem("2.5.1", "Components: entities"),
            ReportItem("2.5.2", "Components: activities"),
            ReportItem("2.5.3", "Components: resources"),
            ReportItem("2.5.4", "Components: queues"),
            ReportItem("2.5.5", "Components: entry and exit points"),
        ),
        "Data": (
            ReportItem("3.1", "Data sources", ("data_collection",)),
            ReportItem("3.2", "Pre-processing", ("pre_processing",)),
            ReportItem("3.3", "Input parameters", ("distribution_choice",)),
            ReportItem("3.4", "Assumptions", ("assumptions_agreed",)),
        ),
        "Experimentation": (
            ReportItem("4.1", "Initialisation", ("warm_up_choice",)),
            ReportItem("4.2", "Run length"),
            ReportItem("4.3", "Estimation approach", ("replications_choice",)),
        ),
        "Implementation": (
            ReportItem("5.1", "Software and programming language"),
            ReportItem("5.2", "Random sampling"),
            ReportItem("5.3", "Model execution"),
            ReportItem("5.4", "System specification", ("machine",)),
        ),
        "Code access": (ReportItem("6.1", "Access to the model", ("where_kept",)),),
    },
)

READINESS = ReportList(
    "Model readiness",
    "Rosser and Heather, Model readiness checklist, Health Service Modelling Associates (HSMA), "
    "des.hsma.co.uk; our numbers",
    {
        "Bronze: decisions within one organisation": (
            ReportItem("B1", "Callouts over time are looked at", ("callouts_looked_at",)),
            ReportItem("B2", "Use of teams over time is drawn"),
            ReportItem("B3", "Times drawn are looked at", ("times_looked_at",)),
            ReportItem("B4", "Pending callouts over time are looked at", ("pending_looked_at",)),
            ReportItem("B5", "Single callouts are followed", ("journeys_followed",)),
            ReportItem("B6", "Units are the same throughout"),
            ReportItem("B7", "Every stage has some activity", ("stages_seen",)),
            ReportItem("B8", "No callout is lost on its way"),
            ReportItem("B9", "No callout and no team is in two places at once"),
            ReportItem("B10", "No team serves two callouts at once"),
            ReportItem("B11", "No team is used while it is not available"),
            ReportItem("B12", "At least 30 replications"),
            ReportItem("B13", "The warm-up is looked at", ("warm_up_choice",)),
            ReportItem("B14", "A seed is set, and gives the same results twice"),
            ReportItem("B15", "Callouts are compared with a record", ("callouts_against_record",)),
            ReportItem("B16", "Times are compared with a record", ("times_against_record",)),
            ReportItem("B17", "No time is implausible", ("times_looked_at",)),
            ReportItem("B18", "No gap between callouts is implausible", ("callouts_looked_at",)),
            ReportItem("B19", "Outcomes are compared with a record", ("outcomes_against_record",)),
            ReportItem("B20", "The process is agreed with the service", ("process_agreed",)),
            ReportItem("B21", "Results are discussed with the service", ("results_discussed",)),
            ReportItem("B22", "A page says how to run and change the model"),
            ReportItem("B23", "What is not obvious has comments"),
            ReportItem(
                "B24",
                "Sources, assumptions, inputs and decisions are written down",
                ("decisions",),
            ),
            ReportItem("B25", "Versions of packages are written down"),
        ),
        "Silver: larger decisions": (
            ReportItem("S1", "The code has docstrings"),
            ReportItem("S2", "A reporting guideline is filled in"),
            ReportItem("S3", "Somebody else has reviewed it", ("reviewed_by",)),
            ReportItem("S4", "Automated tests: it runs, and no callout is lost"),
            ReportItem("S5", "Automated tests: same seed, same results"),
            ReportItem("S6", "Automated tests: no team is used beyond its capacity"),
            ReportItem("S7", "Automated tests: it reacts to inputs as expected"),
            ReportItem("S8", "Extremes are tried", ("extremes_tried",)),
            ReportItem("S9", "There is an open licence"),
            ReportItem("S10", "It is under version control, on a public host", ("where_kept",)),
            ReportItem("S11", "A sensitivity analysis is done", ("sensitivity",)),
        ),
        "Gold: models to be used again by others": (
            ReportItem("G1", "The documentation is a site of its own", ("site",)),
            ReportItem("G2", "There is a changelog"),
            ReportItem("G3", "Quality assurance is written down", ("quality_assurance",)),
            ReportItem("G4", "Authors have identifiers", ("authors",)),
            ReportItem("G5", "It is in an open archive", ("archive",)),
            ReportItem("G6", "It can be run online", ("online",)),
            ReportItem("G7", "Replications run in parallel"),
            ReportItem("G8", "There is an interface, and it is hosted", ("interface",)),
            ReportItem("G9", "A run is animated", ("animation",)),
            ReportItem("G10", "The warm-up is found by a formal method", ("warm_up_method",)),
            ReportItem("G11", "The number of replications is found by a formal method"),
            ReportItem("G12", "Automated comparison with a record", ("comparison_tested",)),
            ReportItem("G13", "Distributions are tested against data", ("distributions_tested",)),
            ReportItem("G14", "Faults and open work are tracked", ("tracked",)),
        ),
    },
)

PEOPLE = ReportList(
    "People and permissions",
    "asked for by journals and review boards, by neither list above",
    {
        "People and permissions": (
            ReportItem("P1", "Authors", ("authors",)),
            ReportItem("P2", "Funding", ("funding",)),
            ReportItem("P3", "Consent and protection of data", ("consent",)),
            ReportItem("P4", "Interests", ("interests",)),
        ),
    },
)
LISTS = (STRESS, READINESS, PEOPLE)
