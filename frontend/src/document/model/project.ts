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
  isInEffect,
  isShownOnMarker,
  type Json,
  readDirection,
  readKind,
  readLevel,
} from "./keys.ts";
import { type BlockAttrs, blockType, IMPLICIT_BLOCK, schema } from "./schema.ts";
import { type Piece, piecesOf } from "./units.ts";

/** A section's text has blocks; a footnote's text is one run of inline content without markers. */
export type Shape = "section" | "note";

/** What a marker's attributes say; `extra` keeps those that have no field or are misshapen. */
export function blockAttrsOf(attrs: Attrs): BlockAttrs {
  const kind = readKind(attrs[BLOCK_KIND]);
  const fields = {
    id: typeof attrs[BLOCK_ID] === "string" && attrs[BLOCK_ID] !== "" ? attrs[BLOCK_ID] : null,
    kind,
    level: readLevel(kind, attrs[BLOCK_LEVEL]),
    dir: readDirection(attrs[BLOCK_DIR]),
  };
  return { ...fields, implicit: false, extra: extraOf(attrs, fields) };
}

function extraOf(attrs: Attrs, fields: Fields): Record<string, Json> | null {
  const shown: Attrs = {
    [BLOCK_ID]: fields.id,
    [BLOCK_KIND]: fields.kind,
    [BLOCK_LEVEL]: fields.level,
    [BLOCK_DIR]: fields.dir,
  };
  const extra: Record<string, Json> = {};
  for (const [key, value] of Object.entries(attrs)) {
    if (isShownOnMarker(key) && isInEffect(key, value) && shown[key] !== value) extra[key] = value;
  }
  return Object.keys(extra).length > 0 ? extra : null;
}

type Fields = Pick<BlockAttrs, "id" | "kind" | "level" | "dir">;

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
