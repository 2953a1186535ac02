/** What leaves the text by the clipboard: clean HTML, footnotes at its end, nothing of the marks. */

import {
  type DOMOutputSpec,
  DOMSerializer,
  type Fragment,
  type Node as ProseNode,
} from "@tiptap/pm/model";
import type { NoteReader } from "../hashing.ts";
import { type BlockAttrs, safeHref, schema } from "../model/schema.ts";
import { textOf } from "../reading.ts";

/** Marks a piece of HTML as copied by one editor of this page, for which it keeps the original. */
export const COPY_ATTRIBUTE = "data-copy";

/** Serializes as other programs understand it; footnotes link both ways, as Word's do. */
export function clipboardSerializer(noteOf: NoteReader, token: () => string): DOMSerializer {
  return {
    serializeFragment: (fragment: Fragment): DocumentFragment => write(fragment, noteOf, token()),
  } as unknown as DOMSerializer;
}

export function clipboardText(blocks: readonly ProseNode[]): string {
  return blocks.map(textOf).join("\n");
}

const inlineSerializer = new DOMSerializer(
  {
    text: (node) => (node.text ?? "") as unknown as DOMOutputSpec,
    lineBreak: () => ["br"],
    footnote: () => ["sup"],
    unknownEmbed: () => ["span"],
  },
  {
    strong: () => ["strong", 0],
    em: () => ["em", 0],
    link: (mark) => ["a", { href: safeHref(mark.attrs.href) }, 0],
  },
);

function write(fragment: Fragment, noteOf: NoteReader, token: string): DocumentFragment {
  const result = document.createDocumentFragment();
  const notes: HTMLElement[] = [];
  for (const node of fragment.content) {
    const element = document.createElement(node.isTextblock ? tagOf(node) : "span");
    const inlines = node.isTextblock ? node.children : [node];
    for (const inline of inlines) element.append(writeInline(inline, noteOf, notes));
    result.append(element);
  }
  result.firstElementChild?.setAttribute(COPY_ATTRIBUTE, token);
  result.append(...notes);
  return result;
}

function tagOf(block: ProseNode): string {
  const { kind, level } = block.attrs as BlockAttrs;
  return kind === "heading" ? `h${level}` : "p";
}

function writeInline(node: ProseNode, noteOf: NoteReader, notes: HTMLElement[]): Node {
  if (node.type.name !== "footnote") return inlineSerializer.serializeNode(node);
  const number = notes.length + 1;
  const call = anchor(`fnref${number}`, `fn${number}`, `[${number}]`);
  const note = document.createElement("p");
  note.append(anchor(`fn${number}`, `fnref${number}`, `[${number}]`), " ");
  for (const inline of noteOf(String(node.attrs.id))) {
    if (inline.type !== schema.nodes.footnote) note.append(inlineSerializer.serializeNode(inline));
  }
  notes.push(note);
  return call;
}

function anchor(id: string, target: string, text: string): HTMLElement {
  const element = document.createElement("a");
  element.id = id;
  element.href = `#${target}`;
  element.textContent = text;
  return element;
}
