"""Work in blocks gives the same wherever it is done, and says so when a process is lost."""

import os

import pytest

from sim.errors import ResultsError
from sim.experiment.running.blocks import in_blocks


def product(thing, block):
    return thing * block


def ends_its_process(thing, block):
    os._exit(9)


def test_blocks_are_worked_on_here_or_in_processes():
    for jobs in (1, 2):
        assert sorted(in_blocks(product, 3, [1, 2, 3, 4, 5], jobs)) == [3, 6, 9, 12, 15]
    assert list(in_blocks(product, 3, [], 2)) == []


def test_what_is_wrong_in_a_block_is_told():
    with pytest.raises(TypeError):
        list(in_blocks(product, None, [1, 2], 2))


def test_a_lost_process_is_told_and_nobody_waits_for_it():
    with pytest.raises(ResultsError, match="ended from outside"):
        list(in_blocks(ends_its_process, 3, [1, 2, 3], 2))
