/** A stretch of the editor's document as units of the flat text. */

import type { Node } from "@tiptap/pm/model";
import { attrsOf, embedOf } from "../model/inlines.ts";
import {
  type Attrs,
  BLOCK_DIR,
  BLOCK_ID,
  BLOCK_KIND,
  BLOCK_LEVEL,
  type Json,
  readDirection,
  readKind,
  readLevel,
  stable,
} from "../model/keys.ts";
import type { BlockAttrs } from "../model/schema.ts";

/** One code point (never half a pair), one marker or one atom. Closing tokens are no units. */
export interface Token {
  readonly type: "text" | "marker" | "atom";
  /** Equal for tokens with the same content, whatever their attributes. */
  readonly content: string;
  readonly size: number;
  readonly attrs: Attrs;
  readonly embed: Readonly<Record<string, Json>> | null;
}

const MARKER_EMBED = { b: 1 } as const;

/** The attributes that a marker must have for this block; what reads the same stays as stored. */
export function markerAttrs(block: BlockAttrs): Attrs {
  const stored = block.extra ?? {};
  const attrs: Record<string, Json> = { ...stored };
  const kind = stored[BLOCK_KIND];
  if (kind === undefined || readKind(kind) !== block.kind) attrs[BLOCK_KIND] = block.kind;
  const level = stored[BLOCK_LEVEL];
  if (level === undefined || readLevel(block.kind, level) !== block.level) {
    attrs[BLOCK_LEVEL] = block.level;
  }
  if (readDirection(stored[BLOCK_DIR]) !== block.dir) attrs[BLOCK_DIR] = block.dir;
  if (block.id !== null) attrs[BLOCK_ID] = block.id;
  return attrs;
}

export function tokensBetween(doc: Node, from: number, to: number): Token[] {
  const tokens: Token[] = [];
  doc.nodesBetween(from, to, (node, pos) => {
    if (node.isTextblock) {
      if (pos >= from && pos < to && !node.attrs.implicit) tokens.push(markerToken(node));
      return true;
    }
    if (node.isText) addText(tokens, node, Math.max(from - pos, 0), to - pos);
    else if (pos >= from && pos < to) tokens.push(atomToken(node));
    return false;
  });
  return tokens;
}

function markerToken(block: Node): Token {
  const attrs = block.attrs as BlockAttrs;
  return {
    type: "marker",
    content: `marker ${attrs.id}`,
    size: 1,
    attrs: markerAttrs(attrs),
    embed: MARKER_EMBED,
  };
}

function atomToken(node: Node): Token {
  const embed = embedOf(node);
  const content = `atom ${stable(embed)}`;
  return { type: "atom", content, size: 1, attrs: attrsOf(node.marks), embed };
}

function addText(tokens: Token[], node: Node, from: number, to: number): void {
  const attrs = attrsOf(node.marks);
  for (const character of (node.text ?? "").slice(from, to)) {
    tokens.push({
      type: "text",
      content: character,
      size: character.length,
      attrs,
      embed: null,
    });
  }
}
