/** The report's text as plain values: what the server sends, and what a live text reads as. */

/** A stretch of words, a line break, a footnote's call with its text, or what we cannot show. */
export interface Run {
  readonly text?: string;
  readonly marks?: Readonly<Record<string, unknown>>;
  readonly br?: true;
  readonly fn?: number;
  readonly note?: readonly Run[];
  readonly embed?: unknown;
  readonly unknown?: true;
}

export interface Block {
  readonly id: string | null;
  readonly kind: string;
  readonly level: number;
  readonly dir: string;
  readonly label: string;
  readonly runs: readonly Run[];
}

/** What a meeting has decided on a paragraph; "tabled": nothing yet. */
export type ReadingStatus = "tabled" | "agreed" | "bracketed" | "parked";

/** The bare words; a line break is "\n". Footnotes' texts are not among them. */
export function plainText(runs: readonly Run[]): string {
  return runs.map((run) => run.text ?? (run.br ? "\n" : "")).join("");
}

/** The beginning of a paragraph, cut at a word, for lists. */
export function firstWords(runs: readonly Run[], most = 80): string {
  const text = plainText(runs).replace(/\s+/gu, " ").trim();
  const letters = [...text];
  if (letters.length <= most) return text;
  const cut = letters.slice(0, most).join("");
  const word = cut.lastIndexOf(" ");
  return `${word > most / 2 ? cut.slice(0, word) : cut}…`;
}

/** The labels above a block and its own, as they are said aloud: ["45", "(c)"]; none without one. */
export function trailOf(blocks: readonly Block[], id: string): string[] {
  let trail: string[] = [];
  for (const block of blocks) {
    trail = longerTrail(trail, block);
    if (block.id === id) return block.label === "" ? [] : trail;
  }
  return [];
}

function longerTrail(trail: string[], { kind, level, label }: Block): string[] {
  if (label === "") return kind === "heading" ? [] : trail;
  return [...trail.slice(0, kind === "subpara" ? level : 0), label];
}

/** Whether a reading has to consider it: it says something, and is no heading. */
export function isConsidered(block: Block): boolean {
  return block.kind !== "heading" && /[\p{L}\p{N}]/u.test(plainText(block.runs));
}

/** The address if it may be opened: a text may come from anyone. */
export function safeAddress(address: unknown): string | undefined {
  if (typeof address !== "string" || address.length > 2000) return undefined;
  return /^(https?:\/\/|mailto:)\S+$/i.test(address) ? address : undefined;
}
