// Takes in what the server relays, as any yjs document would, and tells what it shows.
import { createInterface } from "node:readline";
import * as Y from "yjs";

/** JSON with its keys in order: which came first says nothing. */
function stable(value) {
  if (value === null || typeof value !== "object") return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(stable)}]`;
  return `{${Object.keys(value)
    .sort()
    .map((key) => `${JSON.stringify(key)}:${stable(value[key])}`)}}`;
}

function pieces(text) {
  const found = [];
  for (const { insert, attributes = {} } of text.toDelta()) {
    const marks = Object.fromEntries(Object.entries(attributes).filter(([, v]) => v !== null));
    const last = found.at(-1);
    const isSame = last !== undefined && stable(last[1]) === stable(marks);
    if (typeof insert === "string" && typeof last?.[0] === "string" && isSame) last[0] += insert;
    else found.push([insert, marks]);
  }
  return found;
}

function shown(doc) {
  const notes = {};
  doc.getMap("notes").forEach((value, key) => {
    notes[key] = value instanceof Y.Text ? pieces(value) : "no text";
  });
  return { body: pieces(doc.getText("body")), notes };
}

/** own: its whole state; yjs deletes marks that say nothing, and would send that as its own edit. */
function take({ state, relayed }) {
  const doc = new Y.Doc();
  try {
    doc.getText("body");
    doc.getMap("notes");
    Y.applyUpdate(doc, Buffer.from(state, "base64"));
    Y.applyUpdate(doc, Buffer.from(relayed, "base64"));
    const isWaiting = doc.store.pendingStructs !== null || doc.store.pendingDs !== null;
    const own = Buffer.from(Y.encodeStateAsUpdate(doc)).toString("base64");
    return isWaiting ? { fault: "something is pending" } : { shown: shown(doc), own };
  } catch (error) {
    return { fault: String(error?.stack ?? error) };
  }
}

createInterface({ input: process.stdin }).on("line", (line) => {
  const { cases } = JSON.parse(line);
  process.stdout.write(`${JSON.stringify({ taken: cases.map(take) })}\n`);
});
