/** Pure: what of the history is looked at, as it stands in the page's address. */

export type Look =
  /** The text as it was. */
  | { readonly kind: "text"; readonly at: number }
  /** What changed between two moments. */
  | { readonly kind: "changes"; readonly from: number; readonly to: number };

/** Without anything sensible in the address: the text as it is now. */
export function readLook(search: string, head: number): Look {
  const asked = new URLSearchParams(search);
  const from = seqOf(asked.get("from"), head);
  const to = seqOf(asked.get("to"), head);
  if (from !== null && to !== null) {
    return { kind: "changes", from: Math.min(from, to), to: Math.max(from, to) };
  }
  return { kind: "text", at: seqOf(asked.get("at"), head) ?? head };
}

export function addressOf(look: Look): string {
  return look.kind === "text" ? `?at=${look.at}` : `?from=${look.from}&to=${look.to}`;
}

/** The moment that the look ends at. */
export function endOf(look: Look): number {
  return look.kind === "text" ? look.at : look.to;
}

function seqOf(given: string | null, head: number): number | null {
  if (given === null || !/^\d{1,15}$/.test(given)) return null;
  return Math.min(Number(given), head);
}
