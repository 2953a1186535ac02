// Makes editor.json anew: what the editor sends while a few people work on one section.
//   node --import=./tests/house/resolve_from_frontend.mjs tests/strict/corpus/make.mjs [RUNS FILE]
import { writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { runnerImport } from "vite";
import * as Y from "yjs";

async function fuzz(name) {
  const url = new URL(`../../../frontend/src/document/fuzz/${name}.ts`, import.meta.url);
  return (await runnerImport(fileURLToPath(url), { configFile: false, logLevel: "error" })).module;
}
const { Alphabet, randomAction } = await fuzz("actions");
const { FuzzClient, headless } = await fuzz("client");
const { Random } = await fuzz("random");

const [runs = "16", file = new URL("editor.json", import.meta.url)] = process.argv.slice(2);
const ACTIONS = 45;
const text = (bytes) => Buffer.from(bytes).toString("base64");

function initialUpdate(alphabet) {
  const doc = new Y.Doc();
  doc.clientID = 999;
  const body = doc.getText("body");
  for (let n = 0; n < 3; n += 1) {
    body.insertEmbed(body.length, { b: 1 }, { "b.id": `p${n}`, "b.kind": "para" });
    body.insert(body.length, `${alphabet.text(4)}words`, {});
  }
  return Y.encodeStateAsUpdate(doc);
}

function deliver(clients, random) {
  for (const client of clients) {
    if (client.offline > 0) continue;
    for (const sender of client.waiting()) {
      while (random.chance(0.7) && client.receive(sender));
    }
  }
}

/** One session: updates in an order in which a server may get them; step2s: [updates known, bytes]. */
function record(seed) {
  const random = new Random(seed);
  const alphabet = new Alphabet();
  const initial = initialUpdate(alphabet);
  const count = seed > 16 ? 2 + (seed % 3) : 2;
  const clients = Array.from({ length: count }, (_, n) => new FuzzClient(n, initial, headless));
  // Real ids take five bytes; small ones make mutations that hit each other's ids likely.
  if (seed % 2)
    for (const [n, client] of clients.entries()) client.doc.clientID = 0x7f00a11 * (n + 3);
  const updates = [initial];
  const step2s = [];
  let unsent = null;
  for (const client of clients) {
    client.doc.on("update", (update, origin) => {
      if (origin?.wire !== true) updates.push(update);
    });
  }
  for (const client of clients) client.connect(clients);
  for (let turn = 0; turn < ACTIONS; turn += 1) {
    const client = random.pick(clients);
    if (client.offline > 0) client.offline -= 1;
    else if (random.chance(0.06)) client.offline = 5 + random.below(10);
    randomAction(random)({ client, random, alphabet });
    deliver(clients, random);
    if (turn % 15 === 5) unsent = { known: updates.length, vector: merged(updates) };
    if (turn % 15 === 10) step2s.push([unsent.known, text(difference(updates, unsent.vector))]);
  }
  step2s.push([0, text(Y.mergeUpdates(updates))], [1, text(whole(updates))]);
  for (const client of clients) client.destroy();
  return { seed, updates: updates.map(text), step2s };
}

function documentOf(updates) {
  const doc = new Y.Doc();
  for (const update of updates) Y.applyUpdate(doc, update);
  return doc;
}

const merged = (updates) => Y.encodeStateVector(documentOf(updates));
const whole = (updates) => Y.encodeStateAsUpdate(documentOf(updates));
const difference = (updates, vector) => Y.encodeStateAsUpdate(documentOf(updates), vector);

const sessions = Array.from({ length: Number(runs) }, (_, n) => record(n + 1));
const lines = sessions.map((session) => JSON.stringify(session)).join(",\n");
writeFileSync(file, `[\n${lines}\n]\n`);
