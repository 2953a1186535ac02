import pytest

from app.demo.markup import MarkupError, Wording, read_blocks, read_wording
from app.text.model import FootnoteRef, Run


def test_a_sign_at_the_start_gives_a_block_its_kind_and_level() -> None:
    source = "# One\n\n### Three\n\n- item\n\n-- lower\n\n> plain\n\nnumbered\nover two lines"
    assert [(b.kind, b.level) for b in read_blocks(source, "x")] == [
        ("heading", 1),
        ("heading", 3),
        ("subpara", 1),
        ("subpara", 2),
        ("plain", 0),
        ("para", 0),
    ]


def test_a_block_is_named_by_its_key_or_by_its_place() -> None:
    first, second = read_blocks("{scope} - Some text;\n\nMore\ntext.", "ii")
    assert (first.key, first.wording) == ("scope", Wording((Run("Some text;"),)))
    assert (second.key, second.wording) == ("ii-2", Wording((Run("More text."),)))


def test_marks_links_and_footnotes_are_read() -> None:
    wording = read_wording("A **b** *c*.^[See [d](https://example.org/e), 1994.] End")
    assert wording == Wording(
        (
            Run("A "),
            Run("b", (("strong", True),)),
            Run(" "),
            Run("c", (("em", True),)),
            Run("."),
            FootnoteRef("0"),
            Run(" End"),
        ),
        ((Run("See "), Run("d", (("link", "https://example.org/e"),)), Run(", 1994.")),),
    )


def test_an_empty_text_has_no_blocks() -> None:
    assert read_blocks(" \n", "x") == ()


@pytest.mark.parametrize("text", ["a * b", "a ^[note", "a ^[note [b]", "see [there]", "a ]"])
def test_a_sign_that_means_nothing_is_refused(text: str) -> None:
    with pytest.raises(MarkupError):
        read_wording(text)
