"""The formats of a written report: their names for people and machines, and who writes them."""

import asyncio
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import pypandoc

from app.errors import Invalid, Unavailable
from app.exports import workshop
from app.exports.tree import ExportTree, page_estimate, printable
from app.exports.writers import docx, html, markdown, pdf

_LONGEST_NAME = 80
_NOT_IN_NAMES = re.compile(r"[^\w.()-]+")


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be written; made_at: the moment printed and stored as its date of making."""

    tree: ExportTree
    made_at: datetime
    fonts_dir: Path


Writer = Callable[[Order], Awaitable[bytes]]


@dataclass(frozen=True, slots=True)
class Format:
    """A format: its name in the API, the ending of its files, its media type, its writer.

    stage: what is going on while it is written, for people.
    """

    name: str
    suffix: str
    media_type: str
    stage: str
    write: Writer


async def write(format_: Format, order: Order) -> bytes:
    """The report's bytes in this format: the same order gives the same bytes.

    Raises: ToolFailed with a sentence for people.
    """
    return await format_.write(replace(order, tree=printable(order.tree)))


def format_named(name: str) -> Format:
    """The format of this name. Raises: Invalid, naming those that there are."""
    if name not in FORMATS:
        known = ", ".join(FORMATS)
        raise Invalid(f"There is no format “{name[:40]}”. Choose one of: {known}.")
    return FORMATS[name]


def filename(tree: ExportTree, format_: Format) -> str:
    """A file name that people recognise: the symbol, or else the title; any script, no path."""
    front = tree.front
    words = " ".join(part for part in (front.symbol or front.title, front.subtitle) if part)
    name = _NOT_IN_NAMES.sub("-", words)[:_LONGEST_NAME].strip("-._")
    return f"{name or 'report'}.{format_.suffix}"


async def _write_docx(order: Order) -> bytes:
    files = await asyncio.to_thread(docx.files, order.tree)
    errand = _errand(order, "pandoc", "report.docx", files)
    written = await workshop.fetch(
        replace(
            errand,
            arguments=(
                pypandoc.get_pandoc_path(),
                "--sandbox",
                "--from=json",
                "--to=docx",
                f"--reference-doc={docx.REFERENCE}",
                f"--output={errand.output}",
                docx.SOURCE,
            ),
        )
    )
    return await asyncio.to_thread(docx.finish, written, order.tree, order.made_at)


async def _write_pdf(order: Order) -> bytes:
    if not await asyncio.to_thread(_has_typefaces, order.fonts_dir):
        raise Unavailable("The typefaces for PDF are not installed: build the front end first.")
    files = await asyncio.to_thread(pdf.files, order.tree, order.made_at)
    errand = _errand(order, "typst", "report.pdf", files)
    made_at_s = str(errand.made_at_s)
    arguments = (pdf.SOURCE, errand.output, str(order.fonts_dir.resolve()), made_at_s)
    return await workshop.fetch(replace(errand, arguments=arguments))


async def _write_html(order: Order) -> bytes:
    return await asyncio.to_thread(html.write, order.tree)


async def _write_markdown(order: Order) -> bytes:
    return await asyncio.to_thread(markdown.write, order.tree)


def _has_typefaces(folder: Path) -> bool:
    return any(folder.glob("*.ttf"))


def _errand(order: Order, tool: str, output: str, files: Mapping[str, bytes]) -> workshop.Errand:
    limits = workshop.limits_for(page_estimate(order.tree))
    return workshop.Errand(tool, (), files, output, limits, int(order.made_at.timestamp()))


FORMATS: Mapping[str, Format] = {
    format_.name: format_
    for format_ in (
        Format(
            "docx",
            "docx",
            "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "Writing the document",
            _write_docx,
        ),
        Format("pdf", "pdf", "application/pdf", "Typesetting", _write_pdf),
        Format("html", "html", "text/html; charset=utf-8", "Writing the document", _write_html),
        Format(
            "markdown",
            "md",
            "text/markdown; charset=utf-8",
            "Writing the document",
            _write_markdown,
        ),
    )
}
