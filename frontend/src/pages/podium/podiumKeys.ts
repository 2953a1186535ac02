/** Pure: what a key means at the podium. No single key decides anything: it opens a question. */

export type PodiumAct = "next" | "previous" | "agree" | "bracket" | "park" | "reopen" | "help";

export interface Pressed {
  readonly key: string;
  readonly altKey: boolean;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly shiftKey: boolean;
}

export interface Place {
  /** The key goes into a text or a field. */
  readonly isTyping: boolean;
  /** The member wants single letters as keys. */
  readonly hasLetters: boolean;
}

/** With Alt, also while somebody types. */
const WITH_ALT: Readonly<Record<string, PodiumAct>> = {
  PageDown: "next",
  PageUp: "previous",
  Enter: "agree",
};

const LETTERS: Readonly<Record<string, PodiumAct>> = {
  j: "next",
  k: "previous",
  a: "agree",
  b: "bracket",
  p: "park",
  r: "reopen",
  "?": "help",
};

export function podiumAct(pressed: Pressed, place: Place): PodiumAct | null {
  if (pressed.ctrlKey || pressed.metaKey) return null;
  if (pressed.altKey) return pressed.shiftKey ? null : (WITH_ALT[pressed.key] ?? null);
  if (place.isTyping || !place.hasLetters) return null;
  return LETTERS[pressed.key.toLowerCase()] ?? null;
}

/** For the list of keys: each act with its keys, as they stand on the keyboard. */
export const KEYS_OF: readonly { act: PodiumAct; letter: string; chord?: string }[] = [
  { act: "next", letter: "j", chord: "Alt+PgDn" },
  { act: "previous", letter: "k", chord: "Alt+PgUp" },
  { act: "agree", letter: "a", chord: "Alt+Enter" },
  { act: "bracket", letter: "b" },
  { act: "park", letter: "p" },
  { act: "reopen", letter: "r" },
  { act: "help", letter: "?" },
];
