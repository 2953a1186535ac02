// @vitest-environment jsdom
import type { Node } from "@tiptap/pm/model";
import { describe, expect, it } from "vitest";
import { draftOfHtml } from "./clean.ts";
import { type Draft, draftOfText } from "./draft.ts";

const files = import.meta.glob<string>("./fixtures/*", {
  query: "?raw",
  import: "default",
  eager: true,
});

function fixture(name: string): string {
  return files[`./fixtures/${name}`] ?? "";
}

/** A draft as one can read it: "subpara 2: **bold** _italic_ <address link> [^footnote] ⏎". */
function readable({ blocks, notes }: Draft): string[] {
  return blocks.map(({ kind, level, dir, inlines }) => {
    const text = inlines.map((node) => readableInline(node, notes)).join("");
    if (kind === "heading") return `${"#".repeat(level)} ${text}`;
    return `${[kind, level || "", dir].filter(Boolean).join(" ")}: ${text}`;
  });
}

function readableInline(node: Node, notes: Draft["notes"]): string {
  if (node.type.name === "lineBreak") return "⏎";
  if (node.type.name === "footnote") {
    const pieces = notes.get(String(node.attrs.id)) ?? [];
    return `[^${pieces.map(({ text, attrs }) => wrap(text, attrs)).join("")}]`;
  }
  const marks = Object.fromEntries(
    node.marks.map(({ type, attrs }) => [type.name, type.name === "link" ? attrs.href : true]),
  );
  return wrap(node.text ?? "", marks);
}

function wrap(text: string, marks: Readonly<Record<string, unknown>>): string {
  let wrapped = text;
  if (marks.em) wrapped = `_${wrapped}_`;
  if (marks.strong) wrapped = `**${wrapped}**`;
  return marks.link ? `<${marks.link} ${wrapped}>` : wrapped;
}

function clean(html: string): string[] {
  let notes = 0;
  return readable(
    draftOfHtml(html, () => {
      notes += 1;
      return `n${notes}`;
    }),
  );
}

describe("what the clipboard brings comes in clean", () => {
  it.each(["word", "libreoffice", "google-docs", "news-page", "table", "hostile"])("%s", (name) => {
    expect(clean(fixture(`${name}.html`))).toEqual(JSON.parse(fixture(`${name}.json`)));
  });
});

it("takes a line of plain text for a paragraph", () => {
  expect(readable(draftOfText("One\r\n\r\nTwo\tthree \u0007\ufffc\nfour\ud83d"))).toEqual([
    "para: One",
    "para: Two three",
    "para: four\ufffd",
  ]);
});

it("gives up on a clipboard that is too large, without reading it", () => {
  expect(clean(`<p>${"x".repeat(4_000_001)}</p>`)).toEqual([]);
});
