"""Reports for the writers' tests: a small one with everything in it, and ones of any length."""

from datetime import UTC, datetime

from app.exports.tree import (
    Block,
    Break,
    ExportTree,
    Footnote,
    FrontPage,
    MemberLine,
    Section,
    Text,
)

MADE_AT = datetime(2026, 11, 24, 10, 30, tzinfo=UTC)

SIX_SCRIPTS = {
    "English": "The Internet belongs to everybody who uses it, in every country.",
    "French": "L’Internet appartient à celles et ceux qui l’utilisent, où qu’ils soient : çà, là.",
    "Spanish": "¿A quién pertenece Internet? A cada persona que la usa, también mañana.",
    "Russian": "Интернет принадлежит каждому, кто им пользуется, в любой стране.",
    "Arabic": "الإنترنت ملك لكل من يستخدمها، في كل بلد من بلدان العالم.",
    "Chinese": "互联网属于每一个使用它的人，无论身在哪个国家。",
    "Greek": "Το Διαδίκτυο ανήκει σε όλους όσοι το χρησιμοποιούν.",
}


def front(**changes: str) -> FrontPage:
    """The title page of the tests."""
    words = {
        "title": "Report of the Working Group on Internet Governance",
        "symbol": "WGIG/2026/REP/1",
        "working_group": "Working Group on Internet Governance",
        "date": "24 November 2026",
        "status_line": "Draft of 24 November 2026, 10:30 (Geneva). Not adopted.",
    } | changes
    return FrontPage(
        **words,
        legend=("Paragraphs in square brackets are not agreed.", "12 of 85 paragraphs are agreed."),
    )


def words(text: str) -> tuple[Text, ...]:
    """Plain words as inlines."""
    return (Text(text),)


def a_report() -> ExportTree:
    """A short report that holds one of everything."""
    return ExportTree(
        front=front(),
        sections=(
            Section("Introduction", 1, "I.", _introduction()),
            Section("Proposals for action", 1, "II."),
            Section("Mechanisms", 2, "A."),
            Section("Forum function", 3, "1.", _forum()),
            Section("Six languages", 2, "B.", _languages()),
            Section("Glossary", 1, "", (Block("plain", words("Forum: a place to talk.")),)),
        ),
        members=(
            MemberLine("Amina Diallo", "Government", "Senegal", "Chair", True),
            MemberLine("Жанна Орлова", "Civil society", "Russian Federation", "Member", True),
            MemberLine("李明", "Private sector", "China", "Member", False),
            MemberLine("ليلى حداد", "Academic and technical", "Lebanon", "Convenor", True),
        ),
    )


def _introduction() -> tuple[Block, ...]:
    return (
        Block(
            "para",
            (
                Text("The Working Group was asked to "),
                Text("investigate", strong=True),
                Text(" and make "),
                Text("proposals", em=True),
                Text(" for action"),
                Footnote(
                    (
                        Text("See the "),
                        Text("mandate", link="https://mandate.example/paragraph-50"),
                        Text(", paragraph 50."),
                    )
                ),
                Text(", as appropriate, on the governance of the Internet by 2005. "),
                Text("It met four times and heard every stakeholder on an equal footing."),
            ),
            label="1.",
        ),
        Block("para", words("Its mandate has three parts:"), label="2.", status="agreed"),
        Block("subpara", words("to develop a working definition;"), label="(a)", level=1),
        Block(
            "subpara",
            (
                Text("to identify the public policy issues that are relevant,"),
                Break(),
                Text("and to assess whether each is adequately addressed, namely those on:"),
            ),
            label="(b)",
            level=1,
        ),
        Block("subpara", words("infrastructure and critical resources;"), label="(i)", level=2),
        Block("subpara", words("the use of the Internet."), label="(ii)", level=2),
        Block("plain", words("This unnumbered paragraph closes the chapter.")),
    )


def _forum() -> tuple[Block, ...]:
    return (
        Block("heading", words("Model 1"), level=1),
        Block(
            "para",
            (
                Text("A forum should be open to all stakeholders"),
                Footnote(words("A reservation was made.")),
                Text("."),
            ),
            label="3.",
            status="bracketed",
        ),
        Block("heading", words("What it would do"), level=2),
        Block("para", words("It would meet once a year."), label="12 quinquies.", status="parked"),
    )


def _languages() -> tuple[Block, ...]:
    return tuple(
        Block("para", words(text), label=f"{number}.")
        for number, text in enumerate(SIX_SCRIPTS.values(), start=13)
    )


_SENTENCES = (
    "The group noted that the arrangements in force had grown with the network itself, and that "
    "their legitimacy rests on participation by all who are affected.",
    "Several members recalled that developing countries bear costs of interconnection which they "
    "have little means to influence.",
    "It was agreed that stability and security must remain the first concern of any change.",
    "No single Government should have a pre-eminent role in relation to international policy.",
    "Capacity-building should be supported by all stakeholders, and its results made public.",
)


def a_long_report(pages: int) -> ExportTree:
    """A report of about so many pages, chapters of ten paragraphs, a footnote in every fifth."""
    sections = []
    number = 1
    for chapter in range(max(1, pages * 4 // 10)):
        blocks = []
        for place in range(10):
            body = " ".join(_SENTENCES[(number + turn) % 5] for turn in range(5))
            note = (Footnote(words(f"Document {number}, page {place + 1}.")),)
            blocks.append(
                Block(
                    "para",
                    (Text(body), *(note if number % 5 == 0 else ())),
                    label=f"{number}.",
                )
            )
            number += 1
        sections.append(
            Section(f"Chapter on subject {chapter + 1}", 1, f"{chapter + 1}.", tuple(blocks))
        )
    return ExportTree(front(), tuple(sections), a_report().members)
