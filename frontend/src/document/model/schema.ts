/** The editor's schema: one kind of block, atoms, simple marks, and kept marks that it never drops. */

import { type DOMOutputSpec, Schema } from "@tiptap/pm/model";
import type { BlockKind, Json } from "./keys.ts";

/** What a block is. `extra` holds what the marker says and this version cannot read. */
export interface BlockAttrs {
  readonly id: string | null;
  readonly kind: BlockKind;
  readonly level: number;
  readonly dir: string;
  /** Text before the first marker: a paragraph without a marker of its own. */
  readonly implicit: boolean;
  readonly extra: Readonly<Record<string, Json>> | null;
}

export const IMPLICIT_BLOCK: BlockAttrs = {
  id: null,
  kind: "para",
  level: 0,
  dir: "",
  implicit: true,
  extra: null,
};

/** A report's own title is above the text, so a heading of level 1 is an h2. */
function blockTag({ kind, level }: BlockAttrs): string {
  return kind === "heading" ? `h${level + 1}` : "p";
}

function blockDom(attrs: BlockAttrs): DOMOutputSpec {
  const dom: Record<string, string> = {
    class: `block block-${attrs.kind}`,
    "data-level": String(attrs.level),
    dir: attrs.dir === "" ? "auto" : attrs.dir,
  };
  if (attrs.id !== null) dom["data-id"] = attrs.id;
  return [blockTag(attrs), dom, 0];
}

/** `ins:`, `del:`, `bracket:`, `comment:` and everything unknown; class by the part before ":". */
function keptDom(key: string): DOMOutputSpec {
  const family = /^[a-z]+(?=:)/.exec(key)?.[0] ?? "unknown";
  return ["span", { class: `kept kept-${family}`, "data-key": key }, 0];
}

export const schema = new Schema({
  nodes: {
    doc: { content: "block+" },
    block: {
      content: "inline*",
      defining: true,
      attrs: {
        id: { default: null },
        kind: { default: "para" },
        level: { default: 0 },
        dir: { default: "" },
        implicit: { default: false },
        extra: { default: null },
      },
      toDOM: (node) => blockDom(node.attrs as BlockAttrs),
      parseDOM: [{ tag: "p" }],
    },
    text: { group: "inline" },
    footnote: {
      group: "inline",
      inline: true,
      atom: true,
      attrs: { id: {} },
      toDOM: (node) => ["sup", { class: "footnote-ref", "data-note": String(node.attrs.id) }],
    },
    lineBreak: {
      group: "inline",
      inline: true,
      atom: true,
      selectable: false,
      linebreakReplacement: true,
      toDOM: () => ["br"],
      parseDOM: [{ tag: "br" }],
    },
    unknownEmbed: {
      group: "inline",
      inline: true,
      atom: true,
      attrs: { value: {} },
      toDOM: () => ["span", { class: "unknown-embed" }, "\u25a1"],
    },
  },
  marks: {
    link: {
      attrs: { href: {} },
      inclusive: false,
      toDOM: (mark) => ["a", { href: safeHref(mark.attrs.href), rel: "noopener noreferrer" }, 0],
    },
    em: { toDOM: () => ["em", 0], parseDOM: [{ tag: "em" }, { tag: "i" }] },
    strong: { toDOM: () => ["strong", 0], parseDOM: [{ tag: "strong" }, { tag: "b" }] },
    kept: {
      attrs: { key: {}, value: {} },
      excludes: "",
      inclusive: false,
      toDOM: (mark) => keptDom(String(mark.attrs.key)),
    },
  },
});

/** The address if it may be opened, else a place that leads nowhere: a text may come from anyone. */
export function safeHref(href: unknown): string {
  return typeof href === "string" && isSafeHref(href) ? href : "#";
}

export function isSafeHref(href: string): boolean {
  return href.length <= 2000 && /^(https?:\/\/|mailto:)[^\s]+$/i.test(href);
}

export const blockType = schema.nodes.block;
