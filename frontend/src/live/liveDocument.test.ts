import { afterEach, beforeEach, expect, test } from "vitest";
import { WebSocket } from "ws";
import * as Y from "yjs";
import { LiveConnection } from "./connection";
import type { Keep } from "./kept";
import type { LiveDocument } from "./liveDocument";
import type { Observable } from "./observable";
import { ScriptedServer } from "./scriptedServer";
import { type LiveTicket, TicketRefused } from "./ticket";

let server: ScriptedServer;
let connection: LiveConnection;
let given: number;

beforeEach(() => {
  server = new ScriptedServer();
  given = 1000;
});
afterEach(() => {
  connection.close();
  server.close();
});

async function nextTicket(): Promise<LiveTicket> {
  given += 1;
  return { ticket: `ticket-${given}`, client_id: given };
}

interface Wishes {
  fetchTicket?: () => Promise<LiveTicket>;
  keep?: Keep;
}

async function opened({ fetchTicket = nextTicket, keep }: Wishes = {}): Promise<LiveDocument> {
  connection = new LiveConnection({
    url: await server.url(),
    fetchTicket,
    WebSocket,
    ...(keep ? { keepFor: () => keep } : {}),
  });
  return connection.openSection("report", "section").value;
}

/** Resolves once the watched value is as wished; the test's own time limit is the only clock. */
function until<T>(watched: Observable<T>, is: (value: T) => boolean): Promise<T> {
  return new Promise((resolve) => {
    const look = (): boolean => {
      if (!is(watched.get())) return false;
      stop();
      resolve(watched.get());
      return true;
    };
    let stop = (): void => undefined;
    if (!look()) stop = watched.subscribe(look);
  });
}

const saved = (live: LiveDocument) => until(live.state, (state) => state.kind === "saved");
/** Names of the states that it comes to from now on. */
function statesOf(live: LiveDocument): string[] {
  const seen: string[] = [];
  live.state.subscribe(() => seen.push(live.state.get().kind));
  return seen;
}

const bodyOf = (doc: Y.Doc): string => doc.getText("body").toString();

test("what is written goes out under the ticket's client id and is saved when acknowledged", async () => {
  const live = await opened();
  await saved(live);
  const { doc } = live.text.get();
  doc.getText("body").insert(0, "Words.");
  expect(live.state.get().kind).toBe("saving");
  await saved(live);
  expect(bodyOf(server.doc)).toBe("Words.");
  expect([...server.doc.store.clients.keys()]).toEqual([1001]);
});

test("a lost line is offline, and what was written meanwhile is sent with a fresh ticket", async () => {
  const live = await opened();
  await saved(live);
  server.dropLines();
  await until(live.state, (state) => state.kind === "offline");
  live.text.get().doc.getText("body").insert(0, "Without a line.");
  await saved(live);
  expect(bodyOf(server.doc)).toBe("Without a line.");
  expect(server.tokens).toEqual(["ticket-1001", "ticket-1002"]);
});

test("a refused change is taken back, its words are kept, and writing goes on under a new id", async () => {
  const live = await opened();
  await saved(live);
  const before = live.text.get();
  server.refuseWith = "This paragraph was agreed.";
  const seen = statesOf(live);
  before.doc.getText("body").insert(0, "Slipped in.");
  const refused = await until(live.refused, (words) => words !== null);
  server.refuseWith = null;
  await saved(live);
  expect(refused).toEqual({ reason: "This paragraph was agreed.", words: "Slipped in." });
  expect(seen).not.toContain("offline");
  expect(live.resynced.get()).toBe(false);
  const after = live.text.get();
  expect(after.generation).toBe(1);
  expect(after.doc.clientID).not.toBe(before.doc.clientID);
  expect(bodyOf(after.doc)).toBe("");
});

test("who may not come in is told the server's sentence", async () => {
  const live = await opened({
    fetchTicket: () => Promise.reject(new TicketRefused("There is nothing here that you can see.")),
  });
  const state = await until(live.state, ({ kind }) => kind === "denied");
  expect(state).toEqual({ kind: "denied", reason: "There is nothing here that you can see." });
});

test("words written before one was kept out are not lost when asking again", async () => {
  let isOpen = true;
  const sentence = "You no longer have a seat in this working group.";
  const live = await opened({
    fetchTicket: () => (isOpen ? nextTicket() : Promise.reject(new TicketRefused(sentence))),
  });
  await saved(live);
  isOpen = false;
  server.dropLines();
  await until(live.state, ({ kind }) => kind === "offline");
  live.text.get().doc.getText("body").insert(0, "Without a line.");
  await until(live.state, ({ kind }) => kind === "denied");
  isOpen = true;
  live.renew();
  await saved(live);
  expect(live.refused.get()).toEqual({ reason: sentence, words: "Without a line." });
});

test("a reader's text is live and cannot be written", async () => {
  server.scope = "readonly";
  const live = await opened();
  await until(live.state, (state) => state.kind === "reading");
  expect(live.writable.get()).toBe(false);
});

test("changes that an earlier page left behind are sent, and forgotten once acknowledged", async () => {
  const earlier = new Y.Doc();
  earlier.getText("body").insert(0, "Left behind.");
  let held: readonly Uint8Array[] = [Y.encodeStateAsUpdate(earlier)];
  const keep: Keep = {
    read: async () => [...held],
    hold: (updates) => {
      held = updates;
    },
  };
  const live = await opened({ keep });
  await saved(live);
  expect(bodyOf(server.doc)).toBe("Left behind.");
  expect(held).toEqual([]);
});

test("a text that differs from the server's says so and is taken afresh, words and all", async () => {
  const live = await opened();
  await saved(live);
  live.text.get().doc.getText("body").insert(0, "Words.");
  await saved(live);
  const before = live.text.get();
  const seen = statesOf(live);
  live.compareWith((doc) => (doc === before.doc ? "another text" : "the text"));

  server.tellHead(1, "the text");

  await until(live.text, ({ generation }) => generation === 1);
  await saved(live);
  expect(seen[0]).toBe("stale");
  expect(seen).not.toContain("offline");
  expect(live.resynced.get()).toBe(true);
  live.dismissResynced();
  expect(live.resynced.get()).toBe(false);
  expect(bodyOf(live.text.get().doc)).toBe("Words.");
  expect(live.refused.get()).toBeNull();
});

test("a damaged text says so until the server that told of it is gone", async () => {
  const live = await opened();
  await saved(live);
  server.tellDamage("This text is damaged at row 3 of its log.");
  const state = await until(live.state, ({ kind }) => kind === "damaged");
  expect(state).toEqual({ kind: "damaged", reason: "This text is damaged at row 3 of its log." });
  server.dropLines();
  await saved(live);
});
