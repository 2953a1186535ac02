/** Gives every block an id of its own, and footnote references too, after each local change. */

import type { Node } from "@tiptap/pm/model";
import { type EditorState, Plugin, type Transaction } from "@tiptap/pm/state";
import { type Mappable, Mapping } from "@tiptap/pm/transform";
import type { BlockAttrs } from "../model/schema.ts";
import { isFromText } from "./binding.ts";

export interface NewIds {
  readonly block: () => string;
  readonly note: () => string;
  /** A reference was doubled: the new note begins with the text of the old one. */
  readonly noteCopied?: (from: string, to: string) => void;
}

const ALPHABET = "abcdefghijklmnopqrstuvwxyz234567";

function randomId(prefix: string): string {
  const bytes = crypto.getRandomValues(new Uint8Array(12));
  return prefix + Array.from(bytes, (byte) => ALPHABET[byte & 31]).join("");
}

export const newBlockId = (): string => randomId("p");
export const newNoteId = (): string => randomId("n");

const SETTLES = "settlesIds";

/** Whether this transaction does nothing but give ids to blocks and references without one. */
export function settlesIds(tr: Transaction): boolean {
  return tr.getMeta(SETTLES) === true;
}

/** Runs on local changes only, and on what they have brought in. */
export function idsPlugin(ids: NewIds): Plugin {
  return new Plugin({
    appendTransaction(transactions, before, after) {
      const changed = transactions.some((tr) => tr.docChanged);
      if (!changed || transactions.some(isFromText)) return null;
      const tr = after.tr;
      const mapping = new Mapping(transactions.flatMap((each) => each.mapping.maps));
      settleBlocks(tr, before, mapping, ids);
      settleNotes(tr, before, mapping, ids);
      return tr.docChanged ? tr.setMeta(SETTLES, true) : null;
    },
  });
}

function settleBlocks(tr: Transaction, before: EditorState, mapping: Mapping, ids: NewIds): void {
  const owners = ownersOf(before.doc, mapping, blockIdOf);
  const taken = new Set<string>();
  const doc = tr.doc;
  doc.forEach((block, pos, n) => {
    const attrs = block.attrs as BlockAttrs;
    const implicit = mayStayImplicit(attrs, doc, n);
    const keeps = implicit || mayKeep(attrs.id, pos, owners, taken);
    const id = keeps ? attrs.id : ids.block();
    if (id !== attrs.id || implicit !== attrs.implicit) {
      tr.setNodeMarkup(pos, undefined, { ...attrs, id, implicit });
    }
    if (id !== null) taken.add(id);
  });
}

/** Only the first block may lack a marker, while nothing about it needs one. */
function mayStayImplicit(attrs: BlockAttrs, doc: Node, n: number): boolean {
  if (!attrs.implicit || n > 0) return false;
  if (doc.childCount > 1 && doc.child(0).content.size === 0) return false;
  const isPlain = attrs.kind === "para" && attrs.level === 0 && attrs.dir === "";
  return isPlain && attrs.id === null && attrs.extra === null;
}

function settleNotes(tr: Transaction, before: EditorState, mapping: Mapping, ids: NewIds): void {
  const owners = ownersOf(before.doc, mapping, noteId);
  const taken = new Set<string>();
  tr.doc.descendants((node, pos) => {
    const id = noteId(node);
    if (id === null) return;
    if (mayKeep(id, pos, owners, taken)) {
      taken.add(id);
      return;
    }
    const copy = ids.note();
    ids.noteCopied?.(id, copy);
    tr.setNodeMarkup(pos, undefined, { id: copy }, node.marks);
    taken.add(copy);
  });
}

export function blockIdOf(node: Node | null): string | null {
  return node?.isTextblock ? (node.attrs.id as string | null) : null;
}

function noteId(node: Node): string | null {
  return node.type.name === "footnote" ? String(node.attrs.id) : null;
}

/** Where the holders of each id are now, as far as they are still there. */
export type Owners = ReadonlyMap<string, ReadonlySet<number>>;

export function ownersOf(
  doc: Node,
  mapping: Mappable,
  idOf: (node: Node) => string | null,
): Owners {
  const owners = new Map<string, Set<number>>();
  doc.descendants((node, pos) => {
    const id = idOf(node);
    if (id === null) return;
    const result = mapping.mapResult(pos, 1);
    if (!result.deletedAfter) owners.set(id, (owners.get(id) ?? new Set()).add(result.pos));
  });
  return owners;
}

/**
 * An old holder keeps its id, so that a copy put before it takes nothing. An id that was doubled
 * before, by two people who moved the same block, is left to the server: two clients that mended
 * it would double it again.
 */
function mayKeep(
  id: string | null,
  pos: number,
  owners: Owners,
  taken: ReadonlySet<string>,
): boolean {
  if (id === null) return false;
  const own = owners.get(id);
  return own === undefined ? !taken.has(id) : own.has(pos);
}
