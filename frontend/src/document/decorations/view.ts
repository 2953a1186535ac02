/** Draws what a meeting holds of each block, its label, and the numbers of footnotes. */

import type { Node } from "@tiptap/pm/model";
import { type EditorState, Plugin, PluginKey, type Transaction } from "@tiptap/pm/state";
import { Decoration, DecorationSet } from "@tiptap/pm/view";
import type { EditorWords, TextView } from "../api.ts";
import type { BlockAttrs } from "../model/schema.ts";
import { labelBlocks } from "../numbering.ts";

interface Drawn {
  readonly view: TextView;
  readonly decorations: DecorationSet;
}

const viewKey = new PluginKey<Drawn>("view");

export function viewPlugin(first: TextView, words: EditorWords): Plugin<Drawn> {
  return new Plugin<Drawn>({
    key: viewKey,
    state: {
      init: (_config, { doc }) => ({ view: first, decorations: draw(doc, first, words) }),
      apply: (tr, drawn, before) => redraw(tr, drawn, before, words),
    },
    props: { decorations: (state) => viewKey.getState(state)?.decorations },
  });
}

/** A transaction that shows another view over the same text. */
export function showView(tr: Transaction, view: TextView): Transaction {
  return tr.setMeta(viewKey, view).setMeta("addToHistory", false);
}

export function shownView(state: EditorState): TextView | undefined {
  return viewKey.getState(state)?.view;
}

function redraw(tr: Transaction, drawn: Drawn, before: EditorState, words: EditorWords): Drawn {
  const next = tr.getMeta(viewKey) as TextView | undefined;
  const view = next ?? drawn.view;
  if (next === undefined && !tr.docChanged) return drawn;
  if (next === undefined && hasSameFrame(before.doc, tr.doc)) {
    return { view, decorations: drawn.decorations.map(tr.mapping, tr.doc) };
  }
  return { view, decorations: draw(tr.doc, view, words) };
}

/** Typing inside a block changes no label, no number and no direction. */
function hasSameFrame(before: Node, after: Node): boolean {
  if (before.childCount !== after.childCount) return false;
  return before.children.every((old, n) => {
    const block = after.child(n);
    return old === block || frameOf(old) === frameOf(block);
  });
}

function frameOf(block: Node): string {
  const { id, kind, level, dir } = block.attrs as BlockAttrs;
  const atoms = block.children.filter((node) => node.isAtom && !node.isText);
  return JSON.stringify([
    id,
    kind,
    level,
    dir || directionOf(block),
    atoms.map((atom) => [atom.type.name, atom.attrs.id]),
  ]);
}

function draw(doc: Node, view: TextView, words: EditorWords): DecorationSet {
  const labels = labelBlocks(
    doc.children.map((block) => block.attrs as BlockAttrs),
    view.startNumber,
  );
  const decorations: Decoration[] = [];
  let footnote = 0;
  doc.forEach((block, pos, n) => {
    decorations.push(...drawBlock(block, pos, labels[n] ?? "", view));
    block.forEach((node, offset) => {
      const at = pos + 1 + offset;
      if (node.type.name === "footnote") {
        footnote += 1;
        decorations.push(drawFootnote(at, footnote, words));
      } else if (node.type.name === "unknownEmbed") {
        decorations.push(Decoration.node(at, at + 1, { title: words.unknown }));
      }
    });
  });
  if (isEmpty(doc)) decorations.push(...drawPlaceholder(doc, words));
  return DecorationSet.create(doc, decorations);
}

function drawBlock(block: Node, pos: number, label: string, view: TextView): Decoration[] {
  const id = String(block.attrs.id);
  const status = view.statuses[id];
  const floor = view.floor?.blockId === id ? view.floor : null;
  const attrs: Record<string, string> = {};
  const classes: string[] = [];
  if (label !== "") attrs["data-label"] = label;
  if (status !== undefined) {
    classes.push(`status-${status.status}`);
    attrs["data-status"] = `${status.symbol} ${status.word}`;
  }
  if (floor !== null) {
    classes.push("on-floor");
    attrs["data-floor"] = `${floor.symbol} ${floor.word}`;
  }
  if (view.locked.has(id)) classes.push("locked");
  if (classes.length > 0) attrs.class = classes.join(" ");
  const drawn = [Decoration.node(pos, pos + block.nodeSize, attrs)];
  return status?.status === "bracketed" ? [...drawn, ...drawBrackets(block, pos)] : drawn;
}

/** Isolated, and in the block's own direction: a bracket alone would be mirrored the wrong way. */
function drawBrackets(block: Node, pos: number): Decoration[] {
  const dir = (block.attrs.dir as string) || directionOf(block);
  const end = pos + block.nodeSize - 1;
  return [
    Decoration.widget(pos + 1, () => bracket("[", dir), { side: -1, key: `[${dir}`, marks: [] }),
    Decoration.widget(end, () => bracket("]", dir), { side: 1, key: `]${dir}`, marks: [] }),
  ];
}

function bracket(sign: string, dir: string): HTMLElement {
  const element = document.createElement("bdi");
  element.className = "bracket";
  element.dir = dir;
  element.textContent = sign;
  return element;
}

const RIGHT_TO_LEFT = /^[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff]$/;

/** The direction of the first letter, as a browser finds it for `dir="auto"`. */
export function directionOf(block: Node): "ltr" | "rtl" {
  const letter = /\p{L}/u.exec(block.textContent)?.[0] ?? "";
  return RIGHT_TO_LEFT.test(letter) ? "rtl" : "ltr";
}

function drawFootnote(pos: number, number: number, words: EditorWords): Decoration {
  return Decoration.node(pos, pos + 1, {
    "data-number": String(number),
    role: "doc-noteref",
    "aria-label": words.footnote.replace("{number}", String(number)),
  });
}

function isEmpty(doc: Node): boolean {
  return doc.childCount === 1 && doc.firstChild?.content.size === 0;
}

function drawPlaceholder(doc: Node, words: EditorWords): Decoration[] {
  return [Decoration.node(0, doc.content.size, { "data-placeholder": words.placeholder })];
}
