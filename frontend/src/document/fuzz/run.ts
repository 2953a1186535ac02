/** One run: a few people edit one section, on and off line; then everything is counted. */

import * as Y from "yjs";
import { BODY, type Json, stable } from "../model/keys.ts";
import { Alphabet, move, randomAction, redo, type Turn, undo } from "./actions.ts";
import { FuzzClient, headless, type OpenView } from "./client.ts";
import { Random } from "./random.ts";

export interface RunOptions {
  readonly seed: number;
  readonly actions?: number;
  /** Compare screen and text after each action and each update, not only at the end. */
  readonly eachStep?: boolean;
  readonly withUndo?: boolean;
  readonly withMoves?: boolean;
  readonly open?: OpenView;
  /** Breaks something on purpose: the run must then report a fault. */
  readonly sabotage?: (clients: readonly FuzzClient[], turn: number) => void;
}

export interface Outcome {
  readonly faults: readonly string[];
  readonly kept: number;
  readonly leaked: number;
  readonly marked: number;
  /** Characters that are there twice because two people each took back a deletion, or moved them. */
  readonly doubled: number;
  readonly corrections: number;
}

const BLOCKS = 4;
const LENGTH = 8;

interface Ledger {
  readonly typed: Set<string>;
  readonly initial: Set<string>;
  readonly deleted: Set<string>;
  /** Who has taken back or repeated a change of this character, or has moved it elsewhere. */
  readonly rewritten: Map<string, Set<number>>;
  readonly undone: Set<string>;
  readonly intended: Set<string>;
}

/** Run one seed to its end. Faults are sentences; none means that all promises hold. */
export function runFuzz(options: RunOptions): Outcome {
  const random = new Random(options.seed);
  const alphabet = new Alphabet();
  const initial = initialUpdate(alphabet);
  const clients = Array.from(
    { length: 2 + random.below(3) },
    (_, number) => new FuzzClient(number, initial, options.open ?? headless),
  );
  for (const client of clients) client.connect(clients);
  const ledger = newLedger(clients[0]);
  const faults: string[] = [];
  for (let turn = 0; turn < (options.actions ?? 60); turn += 1) {
    const client = random.pick(clients);
    act({ client, random, alphabet }, ledger, options);
    options.sabotage?.(clients, turn);
    deliverSome(clients, random);
    if (options.eachStep) faults.push(...screenFaults(clients, turn));
    if (faults.length > 0) break;
  }
  if (faults.length === 0) settle(clients);
  const outcome = count(clients, ledger, faults);
  for (const client of clients) client.destroy();
  return outcome;
}

function initialUpdate(alphabet: Alphabet): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = 999;
  const body = doc.getText(BODY);
  for (let n = 0; n < BLOCKS; n += 1) {
    body.insertEmbed(body.length, { b: 1 }, { "b.id": `p${n}`, "b.kind": "para" });
    body.insert(body.length, alphabet.text(LENGTH), {});
  }
  return Y.encodeStateAsUpdate(doc);
}

function newLedger(client: FuzzClient | undefined): Ledger {
  const initial = new Set(client?.characters().keys() ?? []);
  return {
    initial,
    typed: new Set(initial),
    deleted: new Set(),
    rewritten: new Map(),
    undone: new Set(),
    intended: new Set(),
  };
}

/** One action, and what it meant: a character that left the actor's own text was deleted. */
function act(turn: Turn, ledger: Ledger, options: RunOptions): void {
  const { client, random } = turn;
  const action = randomAction(random);
  const isUndo = action === undo || action === redo;
  if (isUndo && options.withUndo === false) return;
  if (action === move && options.withMoves === false) return;
  if (client.offline > 0) client.offline -= 1;
  else if (random.chance(0.06)) client.offline = 5 + random.below(15);
  const before = client.characters();
  const markedBefore = client.markedCharacters();
  const places = action === move ? client.identities() : null;
  action(turn);
  if (places !== null) noteMoved(ledger, places, client);
  noteCharacters(ledger, before, client, isUndo);
  for (const marked of client.markedCharacters()) {
    if (!markedBefore.has(marked)) ledger.intended.add(marked);
  }
}

function noteCharacters(
  ledger: Ledger,
  before: ReadonlyMap<string, number>,
  client: FuzzClient,
  isUndo: boolean,
): void {
  const after = client.characters();
  for (const character of new Set([...before.keys(), ...after.keys()])) {
    const difference = (after.get(character) ?? 0) - (before.get(character) ?? 0);
    if (difference === 0) continue;
    if (isUndo) {
      noteRewritten(ledger, character, client.doc.clientID);
      ledger.undone.add(character);
    } else {
      (difference < 0 ? ledger.deleted : ledger.typed).add(character);
    }
  }
}

function noteRewritten(ledger: Ledger, character: string, who: number): void {
  const people = ledger.rewritten.get(character) ?? new Set();
  ledger.rewritten.set(character, people.add(who));
}

/** A block that was cut and pasted is new text: two who move it have it twice. */
function noteMoved(ledger: Ledger, before: ReadonlyMap<string, string>, client: FuzzClient): void {
  for (const [character, place] of client.identities()) {
    if (before.get(character) !== place) noteRewritten(ledger, character, client.doc.clientID);
  }
}

function deliverSome(clients: readonly FuzzClient[], random: Random): void {
  for (const client of clients) {
    while (client.offline === 0 && random.chance(0.5)) {
      const senders = client
        .waiting()
        .filter((sender) => clients.some((c) => c.doc.clientID === sender && c.offline === 0));
      if (senders.length === 0) break;
      client.receive(random.pick(senders));
    }
  }
}

/** Deliver until nothing is on the way: receiving may make a client send. */
function settle(clients: readonly FuzzClient[]): void {
  let busy = true;
  while (busy) {
    busy = false;
    for (const client of clients) {
      for (const sender of client.waiting()) while (client.receive(sender)) busy = true;
    }
  }
}

function screenFaults(clients: readonly FuzzClient[], turn: number): string[] {
  return clients.flatMap((client) => {
    const fault = client.fault();
    return fault === null ? [] : [`turn ${turn}: ${fault}`];
  });
}

function count(clients: readonly FuzzClient[], ledger: Ledger, faults: readonly string[]): Outcome {
  const first = clients[0];
  if (first === undefined || faults.length > 0) {
    return { faults, kept: 0, leaked: 0, marked: 0, doubled: 0, corrections: 0 };
  }
  const there = first.characters();
  const found = [...screenFaults(clients, -1), ...differences(clients)];
  let kept = 0;
  let doubled = 0;
  for (const character of ledger.typed) {
    const times = there.get(character) ?? 0;
    const writers = ledger.rewritten.get(character)?.size ?? 0;
    if (times === 1) kept += 1;
    if (times === 0 && !ledger.deleted.has(character) && !ledger.undone.has(character)) {
      found.push(`lost: ${character}`);
    }
    if (times > 1 && writers > 1) doubled += 1;
    else if (times > 1) found.push(`doubled: ${character}`);
  }
  const marked = [...first.markedCharacters()].filter((mark) =>
    ledger.initial.has(mark.split(" ")[0] ?? ""),
  );
  const leaked = marked.filter((mark) => !ledger.intended.has(mark)).length;
  const corrections = clients.reduce((sum, each) => sum + each.session.binding.corrections, 0);
  return { faults: found, kept, leaked, marked: marked.length, doubled, corrections };
}

function differences(clients: readonly FuzzClient[]): string[] {
  const first = clients[0];
  if (first === undefined) return [];
  return clients
    .slice(1)
    .flatMap((client) =>
      ["body", "notes", "clocks"]
        .filter((part, n) => contents(first)[n] !== contents(client)[n] && part !== "")
        .map((part) => `client ${client.doc.clientID} has other ${part} than client 1`),
    );
}

function contents({ session, doc }: FuzzClient): string[] {
  const notes = [...session.notes.keys()].sort().map((id) => session.notes.get(id)?.toDelta());
  const clocks = [...Y.decodeStateVector(Y.encodeStateVector(doc))].sort(([a], [b]) => a - b);
  return [stable(session.body.toDelta()), stable(notes as Json[]), JSON.stringify(clocks)];
}
