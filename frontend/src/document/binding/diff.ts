/** The smallest way from one list of tokens to another. */

import { sameAttrs } from "../model/inlines.ts";
import type { Token } from "./tokens.ts";

export type Change =
  | { readonly op: "keep"; readonly old: Token; readonly token: Token }
  | { readonly op: "delete"; readonly token: Token }
  | { readonly op: "insert"; readonly token: Token };

/** Above this many cells the middle is replaced as a whole: it is a paste over a long selection. */
const MOST_CELLS = 400_000;

/** Tokens match by content, a marker by its block's id. */
export function diffTokens(old: readonly Token[], next: readonly Token[]): Change[] {
  if (matchesIgnoringIds(old, next)) return pairs(old, next);
  const head = commonHead(old, next);
  const tail = commonTail(old, next, head);
  return [
    ...pairs(old.slice(0, head), next.slice(0, head)),
    ...middle(old.slice(head, old.length - tail), next.slice(head, next.length - tail)),
    ...pairs(old.slice(old.length - tail), next.slice(next.length - tail)),
  ];
}

export function isChange(change: Change): boolean {
  return change.op !== "keep" || !sameAttrs(change.old.attrs, change.token.attrs);
}

/** Only then is a new id an attribute of an old marker: otherwise it is another marker. */
function matchesIgnoringIds(old: readonly Token[], next: readonly Token[]): boolean {
  return (
    old.length === next.length &&
    old.every((token, n) => {
      const other = next[n];
      return (
        token.type === other?.type && (token.type === "marker" || token.content === other.content)
      );
    })
  );
}

function pairs(old: readonly Token[], next: readonly Token[]): Change[] {
  return old.flatMap((token, n) => {
    const other = next[n];
    return other === undefined ? [] : [{ op: "keep" as const, old: token, token: other }];
  });
}

function commonHead(old: readonly Token[], next: readonly Token[]): number {
  let head = 0;
  while (head < old.length && head < next.length && same(old[head], next[head])) head += 1;
  return head;
}

function commonTail(old: readonly Token[], next: readonly Token[], head: number): number {
  const most = Math.min(old.length, next.length) - head;
  let tail = 0;
  while (tail < most && same(old[old.length - 1 - tail], next[next.length - 1 - tail])) tail += 1;
  return tail;
}

function same(a: Token | undefined, b: Token | undefined): boolean {
  return a !== undefined && a.type === b?.type && a.content === b.content;
}

function middle(old: readonly Token[], next: readonly Token[]): Change[] {
  const cells = old.length * next.length;
  if (cells === 0 || cells > MOST_CELLS) {
    return [
      ...old.map((token) => ({ op: "delete" as const, token })),
      ...next.map((token) => ({ op: "insert" as const, token })),
    ];
  }
  return alongTable(old, next, commonLengths(old, next));
}

/** lengths[i * width + j]: longest common subsequence of old from i and next from j. */
function commonLengths(old: readonly Token[], next: readonly Token[]): Uint32Array {
  const width = next.length + 1;
  const lengths = new Uint32Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = next.length - 1; j >= 0; j -= 1) {
      const at = i * width + j;
      lengths[at] = same(old[i], next[j])
        ? (lengths[at + width + 1] ?? 0) + 1
        : Math.max(lengths[at + width] ?? 0, lengths[at + 1] ?? 0);
    }
  }
  return lengths;
}

function alongTable(old: readonly Token[], next: readonly Token[], lengths: Uint32Array): Change[] {
  const width = next.length + 1;
  const changes: Change[] = [];
  let i = 0;
  let j = 0;
  while (i < old.length || j < next.length) {
    const a = old[i];
    const b = next[j];
    if (a !== undefined && b !== undefined && same(a, b)) {
      changes.push({ op: "keep", old: a, token: b });
      i += 1;
      j += 1;
    } else if (a !== undefined && prefersDelete(lengths, i * width + j, width, b)) {
      changes.push({ op: "delete", token: a });
      i += 1;
    } else if (b !== undefined) {
      changes.push({ op: "insert", token: b });
      j += 1;
    }
  }
  return changes;
}

function prefersDelete(
  lengths: Uint32Array,
  at: number,
  width: number,
  insertable: Token | undefined,
): boolean {
  return insertable === undefined || (lengths[at + width] ?? 0) >= (lengths[at + 1] ?? 0);
}
