// What every peer script shares: one JSON object per line in, one per line out.
import { createInterface } from "node:readline";
import WebSocket from "ws";
import * as Y from "yjs";

export const facts = JSON.parse(process.env.PEER_FACTS ?? "{}");
export const doc = new Y.Doc();
export const body = doc.getText("body");

/** Stock clients look for the browser's WebSocket. */
export class Socket extends WebSocket {}

export function answer(value) {
  process.stdout.write(`${JSON.stringify(value)}\n`);
}

/** Resolves as soon as `isSo()` holds, looking whenever the document or `emitter` says something. */
export function until(isSo, emitter, event) {
  return new Promise((resolve) => {
    const look = () => {
      if (!isSo()) return;
      doc.off("update", look);
      emitter?.off(event, look);
      resolve();
    };
    doc.on("update", look);
    emitter?.on(event, look);
    look();
  });
}

export function words() {
  return body
    .toDelta()
    .map((piece) => (typeof piece.insert === "string" ? piece.insert : ""))
    .join("");
}

/** The verbs that every peer knows, and those of one protocol. */
export function listen(own) {
  const verbs = {
    type: ({ text }) => {
      body.insert(body.length, text, {});
      return {};
    },
    shows: async (call) => {
      await until(() => words() === call.words);
      return { words: words() };
    },
    words: () => ({ words: words() }),
    ...own,
  };
  createInterface({ input: process.stdin }).on("line", async (line) => {
    const call = JSON.parse(line);
    answer(await verbs[call.verb](call));
  });
}
