/** Between the units of the flat text (attributes, embeds) and ProseMirror's inline nodes. */

import type { Mark, Node } from "@tiptap/pm/model";
import { type Attrs, isBlockKey, isInEffect, type Json, sameJson, stable } from "./keys.ts";
import { schema } from "./schema.ts";

/** Marks shown for a unit's attributes; keys of blocks and removed values are left out. */
export function marksOf(attrs: Attrs | undefined): readonly Mark[] {
  let marks: readonly Mark[] = [];
  for (const key of Object.keys(attrs ?? {}).sort()) {
    const value = attrs?.[key];
    if (!isBlockKey(key) && isInEffect(key, value)) marks = markOf(key, value).addToSet(marks);
  }
  return marks;
}

/** The mark for one key that is in effect. */
export function markOf(key: string, value: Json): Mark {
  if (key === "strong" || key === "em") return schema.mark(key);
  if (key === "link") return schema.mark("link", { href: value });
  return schema.mark("kept", { key, value });
}

export function markKey(mark: Mark): string {
  return mark.type.name === "kept" ? String(mark.attrs.key) : mark.type.name;
}

export function markValue(mark: Mark): Json {
  if (mark.type.name === "kept") return mark.attrs.value as Json;
  return mark.type.name === "link" ? String(mark.attrs.href) : true;
}

const known = new WeakMap<readonly Mark[], Attrs>();

/** The attributes that a set of marks stands for. */
export function attrsOf(marks: readonly Mark[]): Attrs {
  let attrs = known.get(marks);
  if (attrs === undefined) {
    attrs = Object.fromEntries(marks.map((mark) => [markKey(mark), markValue(mark)]));
    known.set(marks, attrs);
  }
  return attrs;
}

/** The atom for an embed; anything that is neither footnote nor line break is kept unopened. */
export function atomOf(embed: Json, marks: readonly Mark[]): Node {
  const only = soleKey(embed);
  if (only?.[0] === "fn" && typeof only[1] === "string") {
    return schema.node("footnote", { id: only[1] }, undefined, marks);
  }
  if (only?.[0] === "br" && only[1] === 1) return schema.node("lineBreak", null, undefined, marks);
  return schema.node("unknownEmbed", { value: embed }, undefined, marks);
}

export function embedOf(atom: Node): Record<string, Json> {
  if (atom.type.name === "footnote") return { fn: String(atom.attrs.id) };
  if (atom.type.name === "lineBreak") return { br: 1 };
  return atom.attrs.value as Record<string, Json>;
}

/** Whether an embed opens a block. */
export function isMarker(embed: Json): boolean {
  const only = soleKey(embed);
  return only?.[0] === "b" && only[1] === 1;
}

function soleKey(embed: Json): [string, Json] | null {
  if (embed === null || typeof embed !== "object" || Array.isArray(embed)) return null;
  const pairs = Object.entries(embed);
  return pairs.length === 1 ? (pairs[0] ?? null) : null;
}

export function sameAttrs(a: Attrs, b: Attrs): boolean {
  return a === b || stable(a as Json) === stable(b as Json);
}

/** Whether two inline nodes are the same piece of text, whatever the order of their marks. */
export function sameInline(a: Node, b: Node): boolean {
  if (a.type !== b.type || a.text !== b.text) return false;
  if (!a.isText && !sameJson(embedOf(a), embedOf(b))) return false;
  return sameAttrs(attrsOf(a.marks), attrsOf(b.marks));
}
