import { expect, test } from "vitest";
import type { ChangedBlock, Piece, Writer } from "../../api/revisions";
import { changesIn, folded, handsIn, namesOf, paintOf, stretchesOf } from "./changes";

const ana: Writer = { member_id: "a", name: "Ana", acting_role: "member", subgroup: "S", at: "" };
const bo: Writer = { ...ana, member_id: "b", name: "Bo" };

function aPiece(op: Piece["op"], text: string, by: Writer | null = null): Piece {
  return { op, text, marks: {}, by };
}

function aBlock(change: ChangedBlock["change"], ...pieces: Piece[]): ChangedBlock {
  const kind = { id: "p1", label: "1", kind: "para", level: 0, dir: "" };
  return { ...kind, change, moved: false, status: "tabled", by: null, pieces };
}

const BLOCKS = [
  aBlock("same", aPiece("same", "Nothing here.")),
  aBlock(
    "changed",
    aPiece("same", "States "),
    aPiece("del", "shall", ana),
    aPiece("ins", "should", bo),
    aPiece("same", " ensure access"),
    aPiece("ins", " for all", ana),
  ),
  aBlock("added", aPiece("ins", "New ", bo), aPiece("ins", "words.", ana)),
  aBlock("same", aPiece("same", "Nothing here either.")),
];

test("neighbouring pieces are one change; so is a whole new block", () => {
  const changes = changesIn(stretchesOf(BLOCKS));

  expect(changes).toEqual([
    { at: 0, block: 1, first: 1, end: 3 },
    { at: 1, block: 1, first: 4, end: 5 },
    { at: 2, block: 2, first: 0, end: 2 },
  ]);
});

test("no letter is lost in the cutting", () => {
  const whole = BLOCKS.map(({ pieces }) => pieces.map(({ text }) => text).join(""));
  const pieces = stretchesOf(BLOCKS).map((cuts) => cuts.flatMap((one) => one.pieces));

  expect(pieces.map((cut) => cut.map(({ text }) => text).join(""))).toEqual(whole);
});

test("a new mark or a changed footnote is a change too", () => {
  const restyled = { ...aPiece("same", "bold"), was: { strong: true } };
  const noted = { ...aPiece("same", "\ufffc"), note: [aPiece("ins", "see", ana)] };
  const cuts = stretchesOf([aBlock("changed", aPiece("same", "a"), restyled, noted)]);

  expect(changesIn(cuts)).toEqual([{ at: 0, block: 0, first: 1, end: 3 }]);
});

test("everybody is listed once, with what they added and removed", () => {
  expect(handsIn(BLOCKS).map(({ name, added, removed }) => [name, added, removed])).toEqual([
    ["Ana", 14, 5],
    ["Bo", 10, 0],
  ]);
});

test("a change by two says both names, each once", () => {
  const block = aBlock("changed", aPiece("del", "a", ana), aPiece("ins", "b", bo));

  expect(namesOf([...block.pieces, ...block.pieces], block)).toEqual(["Ana", "Bo"]);
  expect(namesOf([aPiece("same", "a")], block)).toEqual([]);
});

test("no two of thirty people look the same", () => {
  const paints = Array.from({ length: 30 }, (_, place) => JSON.stringify(paintOf(place)));

  expect(new Set(paints).size).toBe(30);
});

test("what stayed is folded away, and counted", () => {
  expect(folded(BLOCKS)).toEqual([
    { skipped: 1, at: 1 },
    { skipped: 0, at: 2 },
    { skipped: 1, at: null },
  ]);
  expect(folded([])).toEqual([]);
});
