/** Refuses a local change that would leave half of a surrogate pair: the flat text would break. */

import type { Node } from "@tiptap/pm/model";
import { Plugin } from "@tiptap/pm/state";
import { isFromText } from "../binding/binding.ts";

const LONE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

export function surrogatesPlugin(): Plugin {
  return new Plugin({
    filterTransaction: (tr, before) =>
      !tr.docChanged || isFromText(tr) || changedBlocks(before.doc, tr.doc).every(isWhole),
  });
}

/** Half a pair in one text node is half a pair in the flat text, even beside its other half. */
function isWhole(block: Node): boolean {
  let whole = true;
  block.descendants((node) => {
    if (node.isText && LONE.test(node.text ?? "")) whole = false;
  });
  return whole;
}

/** The blocks of `after` that are not, as they are, in `before`: unchanged blocks are shared. */
export function changedBlocks(before: Node, after: Node): Node[] {
  const kept = new Set<Node>();
  before.forEach((block) => {
    kept.add(block);
  });
  const changed: Node[] = [];
  after.forEach((block) => {
    if (!kept.has(block)) changed.push(block);
  });
  return changed;
}

/** `text` with every lone half replaced by the sign for a broken character. */
export function wellFormed(text: string): string {
  return text.replace(new RegExp(LONE, "g"), "\ufffd");
}
