"""Promises about the Markdown: CommonMark that says what the report says, letter by letter."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pypandoc
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.exports.tree import Block, Break, ExportTree, Inline, Section, Text
from app.exports.writers import markdown
from app.exports.writing import FORMATS, Order, write
from tests.exports.samples import MADE_AT, a_report, front


async def test_the_report_reads_well_as_plain_text() -> None:
    written = (await write(FORMATS["markdown"], Order(a_report(), MADE_AT, Path()))).decode()

    assert written.startswith("# Report of the Working Group on Internet Governance\n\n")
    assert (
        "\n## I. Introduction\n\n1\\. The Working Group was asked to **investigate** and" in written
    )
    assert "make *proposals* for action[^1], as" in written
    assert "\n(b) to identify the public policy issues that are relevant,\\\nand to" in written
    assert "\n12 quinquies. It would meet once a year.\n" in written
    assert "\n3\\. \\[A forum should be open to all stakeholders[^2].\\]\n" in written
    assert (
        "[^1]: See the [mandate](<https://mandate.example/paragraph-50>), paragraph 50." in written
    )
    assert "- 李明: Private sector, China, Member\n" in written


LETTERS = st.text(
    st.sampled_from("ab Z9.!*_[]()<>#&-+=`~|\\:\"'/^$%@{}中é\n\t"), min_size=1, max_size=12
)
LINKS = st.sampled_from(["", "", "https://a.example/b?c=(d)&e"])
RUNS = st.lists(
    st.one_of(st.builds(Text, LETTERS, st.booleans(), st.booleans(), LINKS), st.just(Break())),
    min_size=1,
    max_size=6,
)


@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(RUNS, min_size=1, max_size=60))
def test_no_words_of_people_become_markup(paragraphs: list[list[Inline]]) -> None:
    blocks = tuple(Block("plain", tuple(runs)) for runs in paragraphs)
    tree = ExportTree(front(), (Section("S", 1, "", blocks),))

    written = markdown.write(tree).decode()

    expected = [shown for block in blocks if (shown := _tidy(_letters_of_tree(block.inlines)))]
    assert _read_by_pandoc(written)[-len(expected) :] == expected if expected else True


Letter = tuple[str, bool, bool, str]
_SPACE: Letter = (" ", False, False, "")


def _letters_of_tree(inlines: tuple[Inline, ...]) -> list[Letter]:
    letters: list[Letter] = []
    for inline in inlines:
        if isinstance(inline, Text):
            letters += [(letter, inline.strong, inline.em, inline.link) for letter in inline.text]
        else:
            letters.append(_SPACE)
    return letters


def _tidy(letters: list[Letter]) -> list[Letter]:
    """Each letter with its look; between words one plain space, at the ends none."""
    tidy: list[Letter] = []
    for letter in letters:
        if not letter[0].isspace():
            tidy.append(letter)
        elif tidy and tidy[-1] != _SPACE:
            tidy.append(_SPACE)
    return tidy[:-1] if tidy and tidy[-1] == _SPACE else tidy


def _read_by_pandoc(written: str) -> list[list[Letter]]:
    """The paragraphs that a CommonMark reader finds, letter by letter."""
    document = json.loads(pypandoc.convert_text(written, "json", format="commonmark+raw_html"))
    return [
        _tidy(_letters_of_pandoc(block["c"], Text("")))
        for block in document["blocks"]
        if block["t"] == "Para"
    ]


def _letters_of_pandoc(nodes: list[Any], look: Text) -> list[Letter]:
    letters: list[Letter] = []
    for node in nodes:
        kind, content = node["t"], node.get("c")
        if kind == "RawInline":  # a tag of the writer's own: it turns a look on or off
            look = _turned(look, content[1].strip("</>"), not content[1].startswith("</"))
        elif kind == "Str":
            letters += [(letter, look.strong, look.em, look.link) for letter in content]
        elif kind == "Link":
            letters += _letters_of_pandoc(content[1], replace(look, link=content[2][0]))
        elif kind in ("Strong", "Emph"):
            letters += _letters_of_pandoc(content, _turned(look, kind.lower(), True))
        else:
            assert kind in ("Space", "SoftBreak", "LineBreak"), f"{kind} is markup"
            letters.append(_SPACE)
    return letters


def _turned(look: Text, name: str, is_on: bool) -> Text:
    return replace(look, strong=is_on) if name == "strong" else replace(look, em=is_on)
