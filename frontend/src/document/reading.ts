/** Reads a section's text as plain values, without an editor. */

import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, utf8ToBytes } from "@noble/hashes/utils.js";
import type { Node } from "@tiptap/pm/model";
import * as Y from "yjs";
import type { FootnoteRef } from "./api.ts";
import { canonical, type NoteReader, sha256Hex } from "./hashing.ts";
import { attrsOf } from "./model/inlines.ts";
import { type Attrs, type BlockKind, BODY, isInEffect, isSimple, NOTES } from "./model/keys.ts";
import { project } from "./model/project.ts";
import type { BlockAttrs } from "./model/schema.ts";
import { labelBlocks } from "./numbering.ts";

/** What stands in a block, in order. */
export type Inline =
  | { readonly text: string; readonly marks: Attrs }
  | { readonly br: true }
  | { readonly fn: number; readonly noteId: string; readonly note: readonly Inline[] }
  | { readonly unknown: true };

export interface Block {
  readonly id: string | null;
  readonly kind: BlockKind;
  readonly level: number;
  readonly dir: string;
  readonly label: string;
  readonly runs: readonly Inline[];
  /** The bare words, line breaks as "\n". */
  readonly text: string;
  /** SHA-256 of the canonical form: what a decision is bound to. */
  readonly hash: string;
}

/** The section's blocks as they are now; footnotes are numbered from 1. An empty text has none. */
export function blocksOf(ydoc: Y.Doc, startNumber = 1): Block[] {
  const noteOf = notesOf(ydoc);
  const nodes = blockNodesOf(ydoc);
  const labels = labelBlocks(
    nodes.map((node) => node.attrs as BlockAttrs),
    startNumber,
  );
  let footnote = 0;
  return nodes.map((node, n) => {
    const { id, kind, level, dir } = node.attrs as BlockAttrs;
    const runs = runsOf(node.children, noteOf, () => {
      footnote += 1;
      return footnote;
    });
    const hash = sha256Hex(canonical(node, noteOf));
    return { id, kind, level, dir, label: labels[n] ?? "", runs, text: textOf(node), hash };
  });
}

/** SHA-256 over all blocks, each as its id, a new line and its canonical form. */
export function contentHash(ydoc: Y.Doc): string {
  const noteOf = notesOf(ydoc);
  const digest = sha256.create();
  for (const node of blockNodesOf(ydoc)) {
    digest.update(utf8ToBytes(`${node.attrs.id ?? ""}\n${canonical(node, noteOf)}`));
  }
  return bytesToHex(digest.digest());
}

function blockNodesOf(ydoc: Y.Doc): readonly Node[] {
  const body = ydoc.getText(BODY);
  return body.length === 0 ? [] : project(body).children;
}

/** A reader of the footnotes' texts as they are when it is called. */
export function notesOf(ydoc: Y.Doc): NoteReader {
  const notes = ydoc.getMap(NOTES);
  return (id) => {
    const text = notes.get(id);
    return text instanceof Y.Text ? (project(text, "note").firstChild?.children ?? []) : [];
  };
}

/** The footnotes that a document calls, in order; the first call of a text doubled elsewhere counts. */
export function footnotesOf(
  doc: Node,
  noteOf: NoteReader,
  locked: ReadonlySet<string>,
): FootnoteRef[] {
  const found: FootnoteRef[] = [];
  doc.forEach((block) => {
    const blockId = (block.attrs as BlockAttrs).id;
    block.forEach((node) => {
      if (node.type.name !== "footnote") return;
      const id = String(node.attrs.id);
      const text = noteOf(id)
        .map((inline) => inline.text ?? (inline.type.name === "lineBreak" ? "\n" : ""))
        .join("");
      const isLocked = blockId !== null && locked.has(blockId);
      found.push({ id, number: found.length + 1, blockId, text, locked: isLocked });
    });
  });
  return found;
}

export function textOf(block: Node): string {
  return block.textBetween(0, block.content.size, "", (leaf) =>
    leaf.type.name === "lineBreak" ? "\n" : "",
  );
}

function runsOf(nodes: readonly Node[], noteOf: NoteReader, nextNumber: () => number): Inline[] {
  return nodes.map((node): Inline => {
    if (node.isText) return { text: node.text ?? "", marks: visibleMarks(node) };
    if (node.type.name === "lineBreak") return { br: true };
    if (node.type.name !== "footnote") return { unknown: true };
    const noteId = String(node.attrs.id);
    return {
      fn: nextNumber(),
      noteId,
      note: runsOf(
        noteOf(noteId),
        () => [],
        () => 0,
      ),
    };
  });
}

function visibleMarks(node: Node): Attrs {
  return Object.fromEntries(
    Object.entries(attrsOf(node.marks)).filter(
      ([key, value]) => isSimple(key) && isInEffect(key, value),
    ),
  );
}
