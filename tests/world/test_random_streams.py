"""Keyed random numbers, against a second implementation and at their edges."""

import numpy as np
import pytest

from sim.random_streams import Race, bits, uniforms

WORD = (1 << 64) - 1


def philox_4x64_10(counter, key):
    """Return one block of Philox4x64-10, written from Salmon et al. (SC11, 2011), section 3.3."""
    a, b, c, d = counter
    for _ in range(10):
        low, high = 0xD2E7470EE14C6C93 * a, 0xCA5A826395121157 * c
        a, b, c, d = (high >> 64) ^ b ^ key[0], high & WORD, (low >> 64) ^ d ^ key[1], low & WORD
        key = (key[0] + 0x9E3779B97F4A7C15) & WORD, (key[1] + 0xBB67AE8584CAA73B) & WORD
    return [a, b, c, d]


def test_the_second_implementation_gives_the_published_known_answers():
    """The vectors of the authors' own test file (Random123, kat_vectors)."""
    assert philox_4x64_10((0, 0, 0, 0), (0, 0)) == [
        0x16554D9ECA36314C, 0xDB20FE9D672D0FDC, 0xD7E772CEE186176B, 0x7E68B68AEC7BA23B,
    ]  # fmt: skip
    assert philox_4x64_10((WORD,) * 4, (WORD,) * 2) == [
        0x87B092C3013FE90B, 0x438C3C67BE8D0224, 0x9CC7D7C69CD777B6, 0xA09CAEBF594F0BA0,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("seed", "replication", "stream", "first", "words"),
    [(0, 0, 0, 0, 4), (20250306, 3, 1, 168_000_000, 12), (2**63 - 1, 99_999, 1 + (5 << 8), 7, 8)],
)
def test_the_bits_are_those_of_philox_with_the_documented_key_and_counter(
    seed, replication, stream, first, words
):
    """A result in a paper can be worked out again by anybody, without numpy."""
    blocks = words // 4

    drawn = bits(seed, replication, stream, first, 3, words)

    # numpy steps the counter before each block, so the first block is that of counter + 1
    expected = [
        [
            word
            for block in range(blocks)
            for word in philox_4x64_10(
                (entity * blocks + block + 1, 0, stream, 0), (seed, replication)
            )
        ]
        for entity in range(first, first + 3)
    ]
    assert drawn.tolist() == expected


def test_an_entitys_bits_do_not_depend_on_who_else_was_drawn():
    """The whole of the pairing rests on this."""
    together = bits(1, 2, 1, 100, 50, 12)

    assert (bits(1, 2, 1, 130, 1, 12)[0] == together[30]).all()


def test_uniforms_lie_strictly_between_nought_and_one():
    """An inverse at 0 or 1 would be infinite, once in a thousand years of simulation."""
    edges = uniforms(np.array([0, 1, WORD - 1, WORD], dtype=np.uint64))

    assert edges.min() > 0
    assert edges.max() < 1
    assert np.isfinite(np.log(edges)).all()
    assert np.isfinite(np.log1p(-edges)).all()


def test_neighbouring_streams_seeds_and_replications_are_unrelated():
    """The correlation of independent uniforms is about N(0, 1/n); 3.9 sd is one in ten thousand."""
    n = 40_000
    base = uniforms(bits(1, 0, 1, 0, n, 4))
    others = [bits(2, 0, 1, 0, n, 4), bits(1, 1, 1, 0, n, 4), bits(1, 0, 2, 0, n, 4)]
    columns = np.concatenate([base, *(uniforms(o) for o in others)], axis=1)

    off_diagonal = np.corrcoef(columns.T)[np.triu_indices(16, 1)]
    assert np.abs(off_diagonal).max() * n**0.5 < 4.5  # of 120 pairs


def test_a_race_is_won_in_proportion_to_the_weights_and_each_race_apart_from_the_others():
    """Otherwise demand would not fall on places as the scenario says, or kinds on some of them."""
    u = uniforms(bits(7, 3, 5, 0, 200_000, 4))[:, 0]
    weights = np.array([5.0, 0.0, 3.0, 2.0])
    places = Race("place", ["a", "nobody", "b", "c"], weights).winners(u)
    kinds = Race("kind", ["a", "b"], [0.25, 0.75]).winners(u)

    both = np.histogram2d(places, kinds, bins=[np.arange(5), np.arange(3)])[0]
    expected = len(u) * np.outer(weights / weights.sum(), [0.25, 0.75])
    there = expected > 0
    assert both[~there].sum() == 0
    statistic = ((both - expected)[there] ** 2 / expected[there]).sum()
    assert statistic < 25.7  # chi-square with 5 degrees of freedom, 99.99 %


def test_a_race_of_many_names_is_run_in_parts_with_the_same_winners():
    """Memory stays bounded, however many places there are."""
    u = uniforms(bits(7, 3, 5, 0, 50, 4))[:, 0]
    race = Race("place", [f"place {i}" for i in range(20_000)], [1.0] * 20_000)

    assert race.winners(u).tolist() == [race.winners(u[i : i + 1])[0] for i in range(len(u))]
    assert race.winners(u[:0]).tolist() == []
