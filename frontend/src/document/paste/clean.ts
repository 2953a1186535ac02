/** Turns foreign HTML into blocks: the words, what is bold, italic or linked, and nothing else. */

import type { Mark, Node as ProseNode } from "@tiptap/pm/model";
import type { NotePiece } from "../binding/session.ts";
import { attrsOf } from "../model/inlines.ts";
import { isSafeHref, schema } from "../model/schema.ts";
import { cleanText, type Draft, type DraftBlock, EMPTY_DRAFT, MOST_BLOCKS } from "./draft.ts";
import { takeNotes } from "./notes.ts";
import { type BlockShape, isHidden, PARAGRAPH, styleOf, wordShape } from "./word.ts";

const DROPPED = new Set(
  (
    "script style template noscript svg math iframe object embed canvas audio video picture img map " +
    "head title meta link base form button input select textarea option datalist dialog nav " +
    "header footer aside menu xml frame frameset applet"
  ).split(" "),
);
const BLOCKS = new Set(
  (
    "p div section article main blockquote pre address figure figcaption ul ol li dl dt dd table " +
    "caption tr h1 h2 h3 h4 h5 h6 hr body details summary center fieldset"
  ).split(" "),
);
/** Deeper than any page that people write; beyond it only the text counts. */
const DEEPEST = 150;
const MOST_CHARACTERS = 4_000_000;

/** Read HTML from the clipboard. `newNote` gives the id of each footnote that is found. */
export function draftOfHtml(html: string, newNote: () => string): Draft {
  if (html.length > MOST_CHARACTERS) return EMPTY_DRAFT;
  // Inert: nothing in a parsed document runs or is fetched.
  const root = new DOMParser().parseFromString(html, "text/html");
  const notes = new Map<string, readonly NotePiece[]>();
  const refs = new Map<Element, string>();
  for (const { anchor, body } of takeNotes(root)) {
    const id = newNote();
    refs.set(anchor, id);
    notes.set(id, notePieces(body));
  }
  const cleaner = new Cleaner(refs);
  cleaner.walk(root.body, { marks: [], shape: PARAGRAPH, dir: "", depth: 0, isPre: false });
  return { blocks: cleaner.finish(), notes };
}

interface Context {
  readonly marks: readonly Mark[];
  readonly shape: BlockShape;
  readonly dir: string;
  readonly depth: number;
  readonly isPre: boolean;
}

class Cleaner {
  readonly #blocks: DraftBlock[] = [];
  readonly #refs: ReadonlyMap<Element, string>;
  #inlines: ProseNode[] = [];
  #shape: BlockShape = PARAGRAPH;
  #dir = "";

  constructor(refs: ReadonlyMap<Element, string>) {
    this.#refs = refs;
  }

  walk(element: Element, context: Context): void {
    if (this.#blocks.length >= MOST_BLOCKS) return;
    if (context.depth > DEEPEST) {
      this.#text(element.textContent ?? "", context);
      return;
    }
    for (const child of element.childNodes) {
      if (child.nodeType === Node.TEXT_NODE) this.#text(child.nodeValue ?? "", context);
      else if (child instanceof Element || child.nodeType === Node.ELEMENT_NODE) {
        this.#element(child as Element, { ...context, depth: context.depth + 1 });
      }
    }
  }

  #element(element: Element, context: Context): void {
    const name = element.localName.toLowerCase();
    if (DROPPED.has(name) || isHidden(element)) return;
    const ref = this.#refs.get(element) ?? null;
    if (ref !== null) this.#inlines.push(schema.node("footnote", { id: ref }));
    else if (name === "br") this.#inlines.push(schema.node("lineBreak"));
    else if (name === "tr") this.#row(element, context);
    else if (BLOCKS.has(name)) this.#block(element, name, context);
    else this.walk(element, { ...context, marks: marksWithin(element, name, context) });
  }

  #block(element: Element, name: string, context: Context): void {
    const shape = shapeOf(element, name, context);
    const dir = directionOf(element) || context.dir;
    this.#close();
    this.#open(shape, dir);
    const inside = { ...context, shape, dir, isPre: context.isPre || name === "pre" };
    this.walk(element, { ...inside, marks: marksWithin(element, name, inside) });
    this.#close();
    this.#open(context.shape, context.dir);
  }

  /** A row of a table is one unnumbered block, its cells side by side. */
  #row(row: Element, context: Context): void {
    this.#close();
    const cells = [...row.children].filter((cell) => /^t[dh]$/.test(cell.localName));
    const texts = cells.map((cell) => this.#cell(cell, context)).filter((text) => text.length > 0);
    this.#open({ kind: "plain", level: 0 }, directionOf(row) || context.dir);
    texts.forEach((inlines, n) => {
      if (n > 0) this.#inlines.push(schema.text(" | "));
      this.#inlines.push(...inlines);
    });
    this.#close();
    this.#open(context.shape, context.dir);
  }

  #cell(cell: Element, context: Context): readonly ProseNode[] {
    const inner = new Cleaner(this.#refs);
    inner.walk(cell, { ...context, marks: [], shape: PARAGRAPH });
    return inlinesOf(inner.finish());
  }

  #text(text: string, context: Context): void {
    if (context.isPre) {
      cleanText(text.replace(/\r\n?/g, "\n"))
        .split("\n")
        .forEach((line, n) => {
          if (n > 0) this.#inlines.push(schema.node("lineBreak"));
          if (line !== "") this.#inlines.push(schema.text(line, context.marks));
        });
      return;
    }
    const words = cleanText(text.replace(/[\t\n\f\r ]+/g, " ")).replace(/\u00a0/g, " ");
    if (words !== "") this.#inlines.push(schema.text(words, context.marks));
  }

  #open(shape: BlockShape, dir: string): void {
    this.#shape = shape;
    this.#dir = dir;
  }

  #close(): void {
    const inlines = trimmed(this.#inlines);
    this.#inlines = [];
    if (inlines.length === 0 || this.#blocks.length >= MOST_BLOCKS) return;
    this.#blocks.push({ ...this.#shape, dir: this.#dir, inlines });
  }

  finish(): DraftBlock[] {
    this.#close();
    return this.#blocks;
  }
}

function shapeOf(element: Element, name: string, { shape }: Context): BlockShape {
  const heading = /^h([1-6])$/.exec(name);
  if (heading !== null) return { kind: "heading", level: Math.min(Number(heading[1]), 3) };
  if (name === "li") return { kind: "subpara", level: listDepth(element) > 1 ? 2 : 1 };
  if (name === "blockquote" || name === "pre") return { kind: "plain", level: 0 };
  return wordShape(element) ?? shape;
}

function listDepth(item: Element): number {
  let depth = 0;
  for (let at: Element | null = item.closest("ul, ol"); at !== null && depth < 3; depth += 1) {
    at = at.parentElement?.closest("ul, ol") ?? null;
  }
  return depth;
}

function directionOf(element: Element): string {
  const dir = (element.getAttribute("dir") ?? "").toLowerCase();
  if (dir === "rtl" || /direction: ?rtl/.test(styleOf(element))) return "rtl";
  return "";
}

/** The marks inside an element; Google wraps everything in a <b> that says it is not bold. */
function marksWithin(element: Element, name: string, context: Context): readonly Mark[] {
  const style = styleOf(element);
  let inside = context.marks;
  const weight = /(?:^|[; ])font-weight: ?(bold|[6-9]00|normal|[1-5]00)/.exec(style)?.[1];
  const isBold =
    weight === undefined ? name === "b" || name === "strong" : /bold|[6-9]00/.test(weight);
  // A heading is bold by itself: what is only its style is not a mark.
  if (isBold && context.shape.kind !== "heading") inside = schema.mark("strong").addToSet(inside);
  const slant = /(?:^|[; ])font-style: ?(italic|oblique|normal)/.exec(style)?.[1];
  const isItalic = slant === undefined ? /^(i|em|cite|dfn)$/.test(name) : slant !== "normal";
  if (isItalic) inside = schema.mark("em").addToSet(inside);
  const href = name === "a" ? (element.getAttribute("href") ?? "").trim() : "";
  return isSafeHref(href) ? schema.mark("link", { href }).addToSet(inside) : inside;
}

/** Without space at the ends, doubled spaces or line breaks that end nothing. */
function trimmed(inlines: readonly ProseNode[]): ProseNode[] {
  const result: ProseNode[] = [];
  for (const node of inlines) {
    const before = result[result.length - 1];
    const startsAfterSpace =
      before === undefined || before.type.name === "lineBreak" || /\s$/.test(before.text ?? "");
    const text = startsAfterSpace ? node.text?.replace(/^ +/, "") : node.text;
    if (node.isText && text !== "") push(result, schema.text(text ?? "", node.marks));
    else if (!node.isText && !(before === undefined && node.type.name === "lineBreak")) {
      result.push(node);
    }
  }
  return withoutEnd(result);
}

function push(result: ProseNode[], node: ProseNode): void {
  const before = result[result.length - 1];
  if (before?.isText && before.sameMarkup(node)) {
    result[result.length - 1] = schema.text(`${before.text}${node.text}`, node.marks);
  } else {
    result.push(node);
  }
}

function withoutEnd(result: ProseNode[]): ProseNode[] {
  for (let last = result.pop(); last !== undefined; last = result.pop()) {
    if (last.type.name === "lineBreak") continue;
    if (!last.isText) return [...result, last];
    const text = last.text?.trimEnd() ?? "";
    if (text !== "") return [...result, schema.text(text, last.marks)];
  }
  return result;
}

/** Several blocks as one line. */
export function inlinesOf(blocks: readonly DraftBlock[]): ProseNode[] {
  return blocks.flatMap(({ inlines }, n) => (n > 0 ? [schema.text(" "), ...inlines] : inlines));
}

function notePieces(body: Element): NotePiece[] {
  const cleaner = new Cleaner(new Map());
  cleaner.walk(body, { marks: [], shape: PARAGRAPH, dir: "", depth: 0, isPre: false });
  return inlinesOf(cleaner.finish()).map((node) => ({
    text: node.text ?? "\n",
    attrs: attrsOf(node.marks),
  }));
}
