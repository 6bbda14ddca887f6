"""Labels side by side: as little moved as may be, and none touching."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.report.figures.layout.labels import fit, fit_names, fits, measure, spread, wrap
from sim.report.figures.layout.style import clean, short_names


def test_labels_far_apart_stay_where_they_are():
    assert spread([1, 5, 9], [2, 2, 2]) == [1, 5, 9]


def test_two_labels_on_one_spot_part_by_half_each():
    assert spread([4, 4], [2, 2]) == [3, 5]


def test_a_third_label_is_drawn_into_the_block():
    """Wishes 4, 4 and 5 with size 2: a block of 6 whose centres lie around their mean, 13/3."""
    assert spread([4, 5, 4], [2, 2, 2]) == pytest.approx([13 / 3 - 2, 13 / 3 + 2, 13 / 3])


def test_labels_stay_within_their_limits():
    assert spread([0, 10], [2, 2], 0, 10) == [1, 9]


@given(st.lists(st.tuples(st.floats(-50, 50), st.floats(0.5, 9)), max_size=12))
def test_spread_labels_never_overlap_and_keep_their_order(labels):
    wanted, sizes = [w for w, _ in labels], [s for _, s in labels]

    placed = spread(wanted, sizes, -60, 60 + sum(sizes))

    order = sorted(range(len(wanted)), key=lambda i: (wanted[i], i))
    for a, b in pairwise(order):
        assert placed[b] - placed[a] >= (sizes[a] + sizes[b]) / 2 - 1e-9


def test_a_line_too_wide_is_cut_to_fit():
    cut = fit("a very long name indeed", 40, 8)

    assert (cut[0], cut[-1], cut.count("…")) == ("a", "d", 1)
    assert fits(cut, 40, 8)
    assert fit("short", 40, 8) == "short"


def test_text_is_broken_into_lines_that_fit():
    lines = wrap("one two three four five six", 45, 8)

    assert " ".join(lines) == "one two three four five six"
    assert all(measure(line, 8)[0] <= 45 for line in lines)


def test_a_name_is_cleaned_to_one_line_that_can_be_drawn():
    assert clean("  Deir\nHanna\u202e ") == "Deir Hanna"
    assert clean("lone \ud800 half") == "lone half"
    assert clean("🚑") == "□"
    assert clean("x" * 5000, 10) == "xxxxx…xxxx"
    assert clean("Lattakia " * 3000 + "night", 12) == "Lattak…night"
    assert clean("اللاذقية") == "اللاذقية"


def test_names_that_would_look_alike_get_a_number():
    """Two rows of one name would be read as one team."""
    names = [f"{'x' * 50} {n} {'y' * 50}" for n in (1, 2)]

    assert short_names([*names, "z", names[0]], 9) == [
        "xxxx…yyyy (1)", "xxxx…yyyy (2)", "z", "xxxx…yyyy (1)",
    ]  # fmt: skip
    cut = fit_names(names, 60, 8)
    assert len(set(cut)) == 2
    assert all(fits(name, 60, 8) for name in cut)
    assert fit_names(["Hill day", "Hill night"], 60, 8) == ["Hill day", "Hill night"]
