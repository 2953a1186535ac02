/** From the flat text to blocks and to the editor's document: what everybody must see. */

import { Fragment, type Node } from "@tiptap/pm/model";
import type * as Y from "yjs";
import { atomOf, isMarker, marksOf } from "./inlines.ts";
import {
  type Attrs,
  BLOCK_DIR,
  BLOCK_ID,
  BLOCK_KIND,
  BLOCK_LEVEL,
  DEFAULT_KIND,
  defaultLevel,
  isKnownBlockKey,
  isSet,
  isShownOnMarker,
  type Json,
} from "./keys.ts";
import { type BlockAttrs, blockType, IMPLICIT_BLOCK, schema } from "./schema.ts";
import { type Piece, piecesOf } from "./units.ts";

/** A section's text has blocks; a footnote's text is one run of inline content without markers. */
export type Shape = "section" | "note";

/** What a marker's attributes say, with defaults for what they leave out. */
export function blockAttrsOf(attrs: Attrs): BlockAttrs {
  const kind = textOr(attrs[BLOCK_KIND], DEFAULT_KIND);
  const level = attrs[BLOCK_LEVEL];
  return {
    id: textOr(attrs[BLOCK_ID], "") || null,
    kind,
    level: typeof level === "number" ? Math.trunc(level) : defaultLevel(kind),
    dir: textOr(attrs[BLOCK_DIR], ""),
    implicit: false,
    extra: extraOf(attrs),
  };
}

function textOr(value: Json | undefined, otherwise: string): string {
  return typeof value === "string" && value !== "" ? value : otherwise;
}

function extraOf(attrs: Attrs): Record<string, Json> | null {
  const extra: Record<string, Json> = {};
  for (const [key, value] of Object.entries(attrs)) {
    if (isShownOnMarker(key) && !isKnownBlockKey(key) && isSet(value)) extra[key] = value;
  }
  return Object.keys(extra).length > 0 ? extra : null;
}

interface OpenBlock {
  readonly attrs: BlockAttrs;
  readonly inlines: Node[];
}

export function project(text: Y.Text, shape: Shape = "section"): Node {
  const blocks = shape === "note" ? [noteBlock(piecesOf(text))] : sectionBlocks(piecesOf(text));
  const nodes = blocks.map(({ attrs, inlines }) =>
    blockType.create(attrs, Fragment.fromArray(inlines)),
  );
  return schema.node("doc", null, nodes);
}

function sectionBlocks(pieces: readonly Piece[]): OpenBlock[] {
  const blocks: OpenBlock[] = [];
  for (const piece of pieces) {
    if (typeof piece.insert !== "string" && isMarker(piece.insert)) {
      blocks.push({ attrs: blockAttrsOf(piece.attrs), inlines: [] });
      continue;
    }
    if (blocks.length === 0) blocks.push({ attrs: IMPLICIT_BLOCK, inlines: [] });
    addInline(blocks[blocks.length - 1]?.inlines ?? [], piece);
  }
  return blocks.length > 0 ? blocks : [{ attrs: IMPLICIT_BLOCK, inlines: [] }];
}

function noteBlock(pieces: readonly Piece[]): OpenBlock {
  const inlines: Node[] = [];
  for (const piece of pieces) addInline(inlines, piece);
  return { attrs: IMPLICIT_BLOCK, inlines };
}

/** Pieces that differ only in what is not shown become one node, as the editor would have it. */
function addInline(inlines: Node[], piece: Piece): void {
  const node = inlineOf(piece.insert, piece.attrs);
  const last = inlines[inlines.length - 1];
  if (last?.isText && node.isText && last.sameMarkup(node)) {
    inlines[inlines.length - 1] = schema.text(`${last.text}${node.text}`, last.marks);
  } else {
    inlines.push(node);
  }
}

export function inlineOf(insert: string | Json, attrs: Attrs | undefined): Node {
  const marks = marksOf(attrs);
  return typeof insert === "string" ? schema.text(insert, marks) : atomOf(insert, marks);
}
