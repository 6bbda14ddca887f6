"""The same study, the same bytes: on any number of processes, in any surroundings."""

import pytest

from ..long_cases import quick_first
from .commands import outputs, run

SURROUNDINGS = {
    "no locale": ({"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, ("-j", 2)),
    "hash seed 2": ({"PYTHONHASHSEED": "2"}, ("-j", 2)),
    "hash seed 1": ({"PYTHONHASHSEED": "1"}, ()),
    "hash seed 4294967295": ({"PYTHONHASHSEED": "4294967295"}, ()),
    "2 processes": ({}, ("-j", 2)),
    "7 processes": ({}, ("-j", 7)),
    "Damascus": ({"TZ": "Asia/Damascus"}, ()),
    "Turkish": ({"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"}, ()),
    "optimised": ({"PYTHONOPTIMIZE": "1"}, ()),
}


@pytest.fixture(scope="module")
def plain(tmp_path_factory):
    """The hash of every file of a study in one process, with hash seed 0."""
    folder = tmp_path_factory.mktemp("plain")
    assert run(folder, env={"PYTHONHASHSEED": "0", "TZ": "UTC"})[0] == 0
    return outputs(folder)


@pytest.mark.parametrize("where", quick_first(SURROUNDINGS, 2))
def test_surroundings_change_no_byte(where, plain, tmp_path):
    env, flags = SURROUNDINGS[where]

    code, said = run(tmp_path, *flags, env=env)

    assert code == 0, said
    assert outputs(tmp_path) == plain


def test_another_seed_does_change_them(plain, tmp_path):
    assert run(tmp_path, "--seed", 2)[0] == 0

    assert outputs(tmp_path) != plain
