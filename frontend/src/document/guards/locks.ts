/** Refuses, on the spot, a local change of a locked block: the server would refuse it anyway. */

import type { Node } from "@tiptap/pm/model";
import { Plugin, type Transaction } from "@tiptap/pm/state";
import { isFromText } from "../binding/binding.ts";
import { blockIdOf, type Owners, ownersOf, settlesIds } from "../binding/ids.ts";
import { canonical } from "../hashing.ts";

/**
 * `locked` is asked at each change. After a local change every locked block reads as before, is
 * there once, and the locked blocks stand in the same order; else nothing happens but `onRefused`.
 */
export function locksPlugin(
  locked: () => ReadonlySet<string>,
  onRefused: (blockId: string) => void,
): Plugin {
  return new Plugin({
    filterTransaction(tr, before) {
      if (!tr.docChanged || isFromText(tr) || settlesIds(tr)) return true;
      const broken = brokenLock(before.doc, tr, locked());
      if (broken === null) return true;
      queueMicrotask(() => onRefused(broken));
      return false;
    },
  });
}

/** The first locked block that the transaction would alter. */
function brokenLock(before: Node, tr: Transaction, locked: ReadonlySet<string>): string | null {
  if (locked.size === 0) return null;
  const owners = ownersOf(before, tr.mapping, blockIdOf);
  const old = lockedBlocks(before, locked, null);
  const now = lockedBlocks(tr.doc, locked, owners);
  for (let n = 0; n < Math.max(old.length, now.length); n += 1) {
    const a = old[n];
    const b = now[n];
    if (a === undefined || b === undefined || !readsTheSame(a, b)) return blockIdOf(a ?? b ?? null);
  }
  return null;
}

/** A copy of a block is left out: it is about to get an id of its own. */
function lockedBlocks(doc: Node, locked: ReadonlySet<string>, owners: Owners | null): Node[] {
  const blocks: Node[] = [];
  doc.forEach((block, pos) => {
    const id = blockIdOf(block);
    if (id === null || !locked.has(id)) return;
    const own = owners?.get(id);
    if (own === undefined || own.has(pos)) blocks.push(block);
  });
  return blocks;
}

/** By footnotes' ids, not texts: those are guarded where they are edited. */
function readsTheSame(a: Node, b: Node): boolean {
  if (a === b) return true;
  if (a.attrs.id !== b.attrs.id || notesIn(a).join() !== notesIn(b).join()) return false;
  return canonical(a, () => []) === canonical(b, () => []);
}

function notesIn(block: Node): string[] {
  return block.children
    .filter((node) => node.type.name === "footnote")
    .map((node) => String(node.attrs.id));
}
