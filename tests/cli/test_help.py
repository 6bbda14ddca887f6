"""``--help`` lists every command in a section, and every exit code once."""

from sim.cli import main, run
from sim.cli.sections import RENAMED, SECTIONS
from sim.errors import EXIT_CODES, SimError


def test_every_command_is_in_one_section():
    listed = [name for names in SECTIONS.values() for name in names]

    assert len(listed) == len(set(listed))
    assert set(main.commands) <= set(listed)


def test_help_shows_sections_and_the_table_of_exit_codes(capsys):
    assert run(["--help"]) == 0

    text = capsys.readouterr().out
    assert [line[:-1] for line in text.splitlines() if line.rstrip(":") in SECTIONS] == [*SECTIONS]
    for code, meaning in EXIT_CODES.items():
        assert any(line.split() == [str(code), *meaning.split()] for line in text.splitlines())


def test_every_error_ends_with_a_code_of_the_table():
    def all_of(error):
        return [error, *(each for kind in error.__subclasses__() for each in all_of(kind))]

    assert {error.exit_code for error in all_of(SimError)} <= set(EXIT_CODES)


def test_a_renamed_command_is_told_with_its_new_name(capsys):
    for old, new in RENAMED.items():
        assert run([old, "results/x"]) == 2
        assert f"{old} is now {new}: rescuesim {new} results/x" in capsys.readouterr().err
