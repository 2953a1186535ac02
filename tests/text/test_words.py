"""How text is cut into words."""

from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.text import words
from app.text.model import FootnoteRef, LineBreak, Run
from app.text.words import align, count_words, rising_pairs, tokenize, word_key
from tests.text.texts import ONE, TWO, para, text_of


@given(st.text())
def test_the_words_joined_are_the_text(text: str) -> None:
    assert "".join(tokenize(text)) == text


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("States  shall.", ["States", " ", " ", "shall", "."]),
        ("don't l\u2019accès", ["don't", " ", "l\u2019accès"]),
        ("cafe\u0301s", ["cafe\u0301s"]),
        ("各国应 a", ["各", "国", "应", " ", "a"]),
        ("カ\u3099ス", ["カ\u3099", "ス"]),
        ("ينبغي للدول", ["ينبغي", " ", "للدول"]),
        ("क्षि\u200dत", ["क्षि\u200dत"]),
        ("国家Internet", ["国", "家", "Internet"]),
        ("👩🏽\u200d🚀🇨🇭!", ["👩🏽\u200d🚀", "🇨🇭", "!"]),
        ("a\ufffc\u0301b\n", ["a", "\ufffc", "\u0301", "b", "\n"]),
        ("", []),
    ],
)
def test_words_are_cut_as_readers_see_them(text: str, tokens: list[str]) -> None:
    assert tokenize(text) == tokens


def test_two_ways_to_store_a_letter_are_the_same_word() -> None:
    assert word_key("cafe\u0301") == word_key("caf\u00e9")


def test_signs_and_spaces_are_not_counted() -> None:
    assert count_words("States shall (by 2030) act — 各国。") == 7


def test_a_footnote_call_parts_words_and_its_text_counts_in_the_document() -> None:
    block = para(ONE, "one", FootnoteRef("na"), "two", LineBreak(), "three")
    document = text_of(block, para(TWO, "four"), notes={"na": (Run("See there."),)})

    assert count_words(block) == 3
    assert count_words(document) == 6


@given(st.lists(st.sampled_from("abc")), st.lists(st.sampled_from("abc")))
def test_aligned_spans_cover_both_sides_without_gaps(old: list[str], new: list[str]) -> None:
    i = j = 0
    for tag, i1, i2, j1, j2 in align(old, new):
        assert (i1, j1) == (i, j)
        assert (tag == "equal") == (old[i1:i2] == new[j1:j2])
        i, j = i2, j2
    assert (i, j) == (len(old), len(new))


def test_very_long_blocks_are_compared_coarsely_and_at_last_replaced(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    old, new = list("xaybz"), list("xbyaz")
    monkeypatch.setattr(words, "FINE_PAIRS", 8)
    assert align(old, new)[0] == ("equal", 0, 1, 0, 1)

    monkeypatch.setattr(words, "COARSE_PAIRS", 8)
    assert align(old, new) == [
        ("equal", 0, 1, 0, 1), ("replace", 1, 4, 1, 4), ("equal", 4, 5, 4, 5),
    ]  # fmt: skip


@given(st.permutations(range(6)), st.integers(0, 6))
def test_as_many_pairs_as_possible_rise(numbers: list[int], length: int) -> None:
    pairs = list(enumerate(numbers))[:length]

    chosen = rising_pairs(pairs)

    best = max(
        len(some)
        for size in range(length + 1)
        for some in combinations(pairs, size)
        if all(one[1] < other[1] for one, other in pairwise(some))
    )
    assert len(chosen) == best
    assert [n for _, n in chosen] == sorted(n for _, n in chosen)
    assert set(chosen) <= set(pairs)
