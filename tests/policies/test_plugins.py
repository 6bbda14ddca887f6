"""Policies of other installed packages: by name, and only where a scenario asks for them."""

import sys

import pytest

from sim.errors import ScenarioError
from sim.policies import LIBRARY, policy_sets
from sim.policies.contract.plugins import installed, usable
from sim.policies.guard import Guarded
from sim.policies.registry import our_names, rules

from ..worlds import answered, file_of, hand_worked
from .packages import LAST, Packages


@pytest.fixture
def packages(tmp_path, monkeypatch):
    """Install tiny packages for the length of a test."""
    made = Packages(tmp_path, monkeypatch)
    yield made
    made.forget()


def chosen(rule, question="dispatch", **world):
    """Return the policy that a scenario's choice becomes."""
    file = file_of(hand_worked(rest=f"policies: {{mine: {{{question}: {rule}}}}}", **world))
    return getattr(policy_sets(file)["mine"], question)


def refused(rule, question="dispatch", **world):
    """Return the one error that a scenario's choice makes."""
    with pytest.raises(ScenarioError) as caught:
        chosen(rule, question, **world)
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.line > 0
    return diagnostic


def test_a_scenario_names_an_installed_rule_and_its_parameters(packages):
    """Two stands eight minutes further, and is expected last."""
    packages.install("lastly", LAST, last="lastly:Last")
    text = hand_worked(
        "00:00 A job", places="A B", bases="A B", times="A-B 8",
        teams="One: {base: A}\nTwo: {base: B}",
        rest="policies: {mine: {dispatch: {last: {but: 0}}}}",
    )  # fmt: skip
    day = answered(text)

    assert day.team(0) == "Two"
    assert (day.log.decisions[0].rule, day.log.decisions[0].why) == ("Last", "expected last")


def test_an_installed_rule_is_watched(packages):
    packages.install("lastly", LAST, last="lastly:Last")

    policy = chosen("last")

    assert isinstance(policy, Guarded)
    assert (policy.called, policy.package, policy.but) == ("last", "lastly 1.0", 0)


def test_its_parameters_are_checked_at_their_place(packages):
    packages.install("lastly", LAST, last="lastly:Last")

    assert refused("{last: {but: -1}}").message == "it must be at least 0, found -1"
    assert "unknown parameter 'bat'" in refused("{last: {bat: 1}}").message
    assert refused("{last: {but: 7}}").message == "'last' refuses this: seven is unlucky"


def test_a_rule_of_another_question_is_told_where_it_belongs(packages):
    packages.install("lastly", LAST, last="lastly:Last")

    diagnostic = refused("last", "relocation")

    assert (
        diagnostic.message == "'last' is no relocation rule; it answers another question, dispatch"
    )
    assert diagnostic.help == "write dispatch: last"


def test_a_misspelt_name_is_looked_for_among_installed_rules_too(packages):
    packages.install("lastly", LAST, last="lastly:Last")

    assert "did you mean 'last'" in refused("lst").help


def test_code_named_in_a_scenario_is_only_an_unknown_name(packages):
    """A scenario from a stranger runs nothing."""
    packages.install("lastly", LAST)

    assert refused("'lastly:Last'").message == "there is no dispatch rule called 'lastly:Last'"
    assert "lastly" not in sys.modules


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("import nothing_of_that_name", "ModuleNotFoundError: No module named"),
        ("raise SystemExit('no licence')", "SystemExit: no licence"),
        ("1 / 0", "ZeroDivisionError: division by zero"),
        ("Last = 5", "broken:Last is 5; expected a class"),
        ("class Last:\n    question = 'dispatch'", "is no dataclass"),
        (LAST.replace("frozen=True", "frozen=False"), "can be changed"),
        (LAST.replace("question =", "answers ="), "has no class attribute `question`"),
        (LAST.replace('"dispatch"', '"despatch"'), "has 'despatch' as its class attribute"),
        (LAST.replace('"dispatch"', '"diversion"'), "it is now 'reassignment'"),
        (LAST.replace('"dispatch"', '"queue"'), "has no class attribute `waits`"),
        (LAST.replace("source =", "want = ('idle',)\n    source ="), "did you mean `wants`?"),
        (LAST.replace("__call__", "decide"), "has no __call__"),
        (LAST.replace("but: Annotated[int", "but: Annotated['Whole'"), "cannot be read: NameError"),
    ],
)
def test_a_package_that_is_broken_is_told_in_a_sentence_and_only_if_it_is_used(
    code, told, packages
):
    """Somebody else's error neither shows a traceback nor stops those who do not use it."""
    packages.install("broken", code, last="broken:Last")

    assert chosen("closest") == LIBRARY["dispatch"]["closest"]()
    assert "broken" not in sys.modules
    message = refused("last").message
    assert message.startswith("the rule 'last' of the package broken 1.0")
    assert told in message


def test_installed_packages_are_not_looked_for_where_the_library_has_the_rule(monkeypatch):
    """It takes time, and ``check`` has to be quick."""

    def fail(**_):
        raise AssertionError

    monkeypatch.setattr("sim.policies.contract.plugins.entry_points", fail)

    assert chosen("closest") == LIBRARY["dispatch"]["closest"]()


def test_a_name_of_the_library_stays_the_librarys(packages):
    """Otherwise a package could stand in for ``closest`` unnoticed."""
    packages.install("lastly", LAST, closest="lastly:Last", priority="lastly:Last")
    told = []

    assert chosen("closest") == LIBRARY["dispatch"]["closest"]()
    assert refused("priority").message == (
        "the rule 'priority' of the package lastly 1.0 has the name of a rule of the library; it "
        "has to take another name"
    )
    assert usable(our_names(), told.append) == []
    assert len(told) == 2


def test_a_name_that_two_packages_give_is_refused(packages):
    """Which one runs must not depend on the order of installation."""
    packages.install("lastly", LAST, last="lastly:Last")
    packages.install("finally_", LAST, last="finally_:Last")

    assert refused("last").message == (
        "'last' is the name of rules of finally_ 1.0 and lastly 1.0; uninstall all but one"
    )


def test_the_rules_of_a_question_are_the_librarys_and_those_installed(packages):
    packages.install("lastly", LAST, last="lastly:Last", gone="lastly:Gone")

    assert list(rules("dispatch")) == [*LIBRARY["dispatch"], "last"]
    assert rules("queue") == LIBRARY["queue"]
    assert [(rule.name, rule.package) for rule in installed()] == [
        ("gone", "lastly 1.0"),
        ("last", "lastly 1.0"),
    ]


# -- names in parameters, and rules that do not fit --------------------------------------------

NAMING = '''
from dataclasses import dataclass


@dataclass(frozen=True)
class Names:
    """Name one thing of each sort."""

    question = "dispatch"
    what: str
    named: tuple[str, ...]

    def __call__(self, callout, desk):
        return None, ""

    def names(self):
        yield from ((("named", i), self.what, name) for i, name in enumerate(self.named))

    def fits(self, file):
        return "there is but one team" if len(file.scenario.teams) == 1 else ""
'''
WORLD = {
    "places": "A B",
    "bases": "North=A South=B",
    "times": "A-B 5",
    "teams": "T: {base: North, count: 2}\nU: {base: South}",
}


@pytest.mark.parametrize(
    ("what", "right", "known"),
    [
        ("base", "North", "North, South"),
        ("team", "T 2", "T 1, T 2, U"),
        ("team or base", "U", "T 1, T 2, U, North, South"),
        ("place", "B", "A, B"),
        ("kind", "job", "job"),
        ("area", "A", "A, B"),
    ],
)
def test_names_in_parameters_are_checked_each_at_its_place(what, right, known, packages):
    """The second of two is wrong."""
    packages.install("naming", NAMING, names="naming:Names")

    diagnostic = refused(f"{{names: {{what: {what}, named: [{right}, Elsewhere]}}}}", **WORLD)

    assert diagnostic.message == f"no {what} is called 'Elsewhere'"
    assert diagnostic.help.endswith(f"known: {known}")
    assert diagnostic.text[diagnostic.column - 1 :].startswith("Elsewhere")


def test_where_there_is_nothing_to_name_that_is_said(packages):
    packages.install("naming", NAMING, names="naming:Names")

    diagnostic = refused("{names: {what: hospital, named: [Clinic]}}", **WORLD)

    assert diagnostic.message == "no hospital is called 'Clinic'"
    assert diagnostic.help == "there is no hospital"


def test_a_rule_that_does_not_fit_the_scenario_says_so_at_its_place(packages):
    packages.install("naming", NAMING, names="naming:Names")

    diagnostic = refused("{names: {what: team, named: [T]}}")

    assert diagnostic.message == "there is but one team"


@pytest.mark.parametrize(
    ("question", "rule", "told"),
    [
        ("relocation", "{priority_list: {order: [A, C]}}", "no base is called 'C'"),
        ("destination", "{referral: {outside: [Far]}}", "no hospital is called 'Far'"),
        ("relocation", "{compliance_table: {table: {1: {C: 1}}}}", "no base is called 'C'"),
        ("routing", "shortest", "chooses among the roads of a network"),
    ],
)
def test_the_librarys_own_rules_are_checked_in_the_same_way(question, rule, told):
    assert told in refused(rule, question).message
