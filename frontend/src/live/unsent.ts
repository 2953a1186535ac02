/** Pure: the words inside updates that were never acknowledged, for the "not saved" panel. */
import * as Y from "yjs";

/** The inserted text of `updates` in the order it was written; separate places on separate lines. */
export function unsentWords(updates: Uint8Array[]): string {
  if (updates.length === 0) return "";
  const merged = Y.mergeUpdates(updates);
  let words = "";
  let last: { client: number; clock: number } | null = null;
  for (const struct of Y.decodeUpdate(merged).structs) {
    if (!(struct instanceof Y.Item)) continue;
    if (struct.content instanceof Y.ContentEmbed) {
      if ("b" in (struct.content.embed as object)) words = openLine(words);
      last = struct.lastId;
      continue;
    }
    if (!(struct.content instanceof Y.ContentString)) continue;
    const follows =
      last !== null && struct.origin?.client === last.client && struct.origin.clock === last.clock;
    words = (follows ? words : openLine(words)) + struct.content.str;
    last = struct.lastId;
  }
  return words.trim();
}

function openLine(words: string): string {
  return words === "" || words.endsWith("\n") ? words : `${words}\n`;
}
