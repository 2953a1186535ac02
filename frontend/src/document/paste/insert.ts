/** Puts pasted blocks into the text where the cursor is, as one would expect of each place. */

import { Fragment, type Node, Slice } from "@tiptap/pm/model";
import { Selection, TextSelection, type Transaction } from "@tiptap/pm/state";
import { ReplaceStep } from "@tiptap/pm/transform";
import { type BlockAttrs, blockType } from "../model/schema.ts";
import type { DraftBlock } from "./draft.ts";

export function blockNode({ kind, level, dir, inlines }: DraftBlock): Node {
  return blockType.create({ kind, level, dir }, Fragment.fromArray([...inlines]));
}

/**
 * The selection gives way to `blocks`. One block goes into the line; several come before a block
 * at whose start the cursor is, take the place of an empty one, or part the one around the cursor.
 */
export function insertBlocks(tr: Transaction, blocks: readonly Node[]): Transaction {
  if (!tr.selection.empty) tr.deleteSelection();
  const { $from } = tr.selection;
  const [first] = blocks;
  const block = $from.parent;
  if (first === undefined || !block.isTextblock) return tr;
  if (block.content.size === 0) return replaceEmpty(tr, blocks);
  if (blocks.length === 1) return insertInline(tr, first.content);
  if ($from.parentOffset === 0) return tr.insert($from.before(), blocks);
  const isAtEnd = $from.parentOffset === block.content.size;
  if (isAtEnd && first.attrs.kind !== block.attrs.kind) return insertAfter(tr, blocks);
  return part(tr, blocks);
}

export function insertInline(tr: Transaction, content: Fragment): Transaction {
  const at = tr.selection.from;
  tr.replaceWith(at, tr.selection.to, content);
  return cursorAt(tr, at + content.size);
}

/** The empty block keeps its marker and becomes the first of them. */
function replaceEmpty(tr: Transaction, blocks: readonly Node[]): Transaction {
  const [first, ...rest] = blocks;
  const { $from } = tr.selection;
  const attrs = $from.parent.attrs as BlockAttrs;
  if (first === undefined) return tr;
  const { kind, level, dir } = first.attrs as BlockAttrs;
  const pos = $from.before();
  const takesKind = rest.length > 0 || attrs.kind === "para";
  if (takesKind) tr.setNodeMarkup(pos, undefined, { ...attrs, kind, level, dir });
  tr.insert(pos + 1, first.content);
  const end = pos + first.content.size + 2;
  tr.insert(end, rest);
  return cursorAt(tr, end + rest.reduce((sum, { nodeSize }) => sum + nodeSize, 0) - 1);
}

function insertAfter(tr: Transaction, blocks: readonly Node[]): Transaction {
  const pos = tr.selection.$from.after();
  tr.insert(pos, blocks);
  return cursorAt(tr, pos + blocks.reduce((sum, { nodeSize }) => sum + nodeSize, 0) - 1);
}

function part(tr: Transaction, blocks: readonly Node[]): Transaction {
  const at = tr.selection.from;
  tr.step(new ReplaceStep(at, at, new Slice(Fragment.fromArray([...blocks]), 1, 1)));
  return cursorAt(tr, tr.mapping.maps[tr.mapping.maps.length - 1]?.map(at, 1) ?? at);
}

function cursorAt(tr: Transaction, pos: number): Transaction {
  const $pos = tr.doc.resolve(Math.min(pos, tr.doc.content.size));
  return tr.setSelection(
    $pos.parent.isTextblock ? TextSelection.create(tr.doc, $pos.pos) : Selection.near($pos, -1),
  );
}
