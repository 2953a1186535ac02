/** How far formatting runs beyond what anybody marked, in a text of many blocks. */

import { TextSelection } from "@tiptap/pm/state";
import * as Y from "yjs";
import { BODY } from "../model/keys.ts";
import { schema } from "../model/schema.ts";
import { Alphabet } from "./actions.ts";
import { FuzzClient, headless } from "./client.ts";
import { Random } from "./random.ts";

const BLOCKS = 40;
const LENGTH = 60;
const ACTIONS = 70;
/** The edits crowd into these blocks, in the middle. */
const FIRST = 10;
const CROWDED = 3;

export interface Reach {
  readonly leaked: number;
  /** Blocks between a leaked character and the last block that anybody edited. */
  readonly furthest: number;
}

/** One seed: two or three people mark, unmark, split, join and type in three blocks of forty. */
export function measureReach(seed: number): Reach {
  const random = new Random(seed);
  const alphabet = new Alphabet();
  const initial = longText(alphabet);
  const clients = Array.from(
    { length: 2 + random.below(2) },
    (_, number) => new FuzzClient(number, initial, headless),
  );
  for (const client of clients) client.connect(clients);
  const homes = homesOf(clients[0]);
  const intended = new Set<string>();
  let edited = 0;
  for (let n = 0; n < ACTIONS; n += 1) {
    const client = random.pick(clients);
    if (client.offline > 0) client.offline -= 1;
    else if (random.chance(0.06)) client.offline = 5 + random.below(15);
    const before = client.markedCharacters();
    edited = Math.max(edited, editCrowded(client, random, alphabet, homes));
    for (const mark of client.markedCharacters()) if (!before.has(mark)) intended.add(mark);
    deliver(clients, (each) => each.offline === 0 && random.chance(0.5));
  }
  while (clients.some((each) => each.waiting().length > 0)) {
    deliver(clients, () => true);
  }
  const reach = reachOf(clients[0], homes, intended, edited);
  for (const client of clients) client.destroy();
  return reach;
}

function longText(alphabet: Alphabet): Uint8Array {
  const doc = new Y.Doc();
  doc.clientID = 999;
  const body = doc.getText(BODY);
  for (let n = 0; n < BLOCKS; n += 1) {
    body.insertEmbed(body.length, { b: 1 }, { "b.id": `p${n}`, "b.kind": "para" });
    body.insert(body.length, alphabet.text(LENGTH), {});
  }
  return Y.encodeStateAsUpdate(doc);
}

/** The block in which each character began. */
function homesOf(client: FuzzClient | undefined): Map<string, number> {
  const homes = new Map<string, number>();
  client?.view.state.doc.children.forEach((block, n) => {
    for (const character of block.textContent) homes.set(character, n);
  });
  return homes;
}

/** One edit; the last of the first blocks whose text it may have touched. */
function editCrowded(
  { view }: FuzzClient,
  random: Random,
  alphabet: Alphabet,
  homes: ReadonlyMap<string, number>,
): number {
  const { doc, tr } = view.state;
  const block = Math.min(FIRST + random.below(CROWDED), doc.childCount - 1);
  let pos = 0;
  for (let n = 0; n < block; n += 1) pos += doc.child(n).nodeSize;
  const size = doc.child(block).content.size;
  const from = pos + 1 + random.below(size + 1);
  const to = Math.min(from + 1 + random.below(30), doc.content.size - 1);
  const mark = schema.mark(random.pick(["strong", "em"]));
  const what = random.below(10);
  if (what < 3) tr.addMark(from, to, mark);
  else if (what < 5) tr.removeMark(from, to, mark.type);
  else if (what < 7) tr.insertText(alphabet.text(1), from);
  else if (what === 7) tr.split(from);
  else if (what === 8 && block > 0) tr.join(pos);
  else tr.delete(from, to);
  tr.setSelection(TextSelection.near(tr.doc.resolve(Math.min(from, tr.doc.content.size))));
  if (tr.docChanged) view.dispatch(tr);
  const touched = `${doc.child(block).textContent}${doc.textBetween(from, to)}`;
  return Math.max(0, ...Array.from(touched, (character) => homes.get(character) ?? 0));
}

function deliver(clients: readonly FuzzClient[], may: (client: FuzzClient) => boolean): void {
  for (const client of clients) {
    if (!may(client)) continue;
    for (const sender of client.waiting()) while (client.receive(sender));
  }
}

function reachOf(
  client: FuzzClient | undefined,
  homes: ReadonlyMap<string, number>,
  intended: ReadonlySet<string>,
  edited: number,
): Reach {
  const marked = [...(client?.markedCharacters() ?? [])].map((mark) => mark.split(" "));
  let leaked = 0;
  let furthest = 0;
  for (const [character = "", key = ""] of marked) {
    const home = homes.get(character);
    if (home === undefined || intended.has(`${character} ${key}`)) continue;
    leaked += 1;
    furthest = Math.max(furthest, home - edited);
  }
  return { leaked, furthest };
}
