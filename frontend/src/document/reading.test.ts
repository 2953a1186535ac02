import { expect, it } from "vitest";
import * as Y from "yjs";
import contract from "../../../contracts/document.json";
import canonicalSamples from "../../../contracts/samples/canonical.json";
import labelSamples from "../../../contracts/samples/labels.json";
import updateSamples from "../../../contracts/samples/updates.json";
import { canonical, sha256Hex } from "./hashing.ts";
import { atomOf, marksOf } from "./model/inlines.ts";
import * as keys from "./model/keys.ts";
import { blockAttrsOf } from "./model/project.ts";
import { schema } from "./model/schema.ts";
import { labelBlocks } from "./numbering.ts";
import { blocksOf } from "./reading.ts";

interface SampleRun {
  text?: string;
  br?: boolean;
  fn?: number;
  note_id?: string;
  embed?: keys.Json;
  note?: SampleRun[];
  marks?: keys.Attrs;
}

function nodeOf(run: SampleRun, notes: Map<string, SampleRun[]>) {
  const marks = marksOf(run.marks);
  if (run.text !== undefined) return schema.text(run.text, marks);
  if (run.br) return atomOf({ br: 1 }, marks);
  if (run.fn === undefined) return atomOf(run.embed ?? null, marks);
  const id = run.note_id ?? `note ${notes.size}`;
  notes.set(id, run.note ?? []);
  return atomOf({ fn: id }, marks);
}

it.each(canonicalSamples.cases.map((sample) => [sample.name, sample] as const))(
  "hashes %s as the server does",
  (_name, sample) => {
    const { kind, level, dir, runs } = sample.block as never as {
      kind: string;
      level: number;
      dir: string;
      runs: SampleRun[];
    };
    const notes = new Map<string, SampleRun[]>();
    const inlines = runs.filter((run) => run.text !== "").map((run) => nodeOf(run, notes));
    const stored = { "b.kind": kind, "b.level": level, "b.dir": dir };
    const block = schema.node("block", { ...blockAttrsOf(stored) }, inlines);
    const form = canonical(block, (id) =>
      (notes.get(id) ?? []).map((run) => nodeOf(run, new Map())),
    );
    expect(form).toBe(sample.canonical);
    expect(sha256Hex(form)).toBe(sample.sha256);
  },
);

it.each(labelSamples.cases.map((sample) => [sample.name, sample] as const))(
  "labels: %s",
  (_name, { start, blocks }) => {
    const labels = labelBlocks(blocks as never, start);
    expect(labels).toEqual(blocks.map((block) => block.label));
  },
);

it.each(updateSamples.samples.map((sample) => [sample.name, sample] as const))(
  "reads the server's text: %s",
  (_name, { update, blocks }) => {
    const ydoc = new Y.Doc();
    Y.applyUpdate(ydoc, Uint8Array.from(Buffer.from(update, "hex")));
    const read = blocksOf(ydoc).map(({ id, kind, level, dir, text }) => ({
      id,
      kind,
      level,
      dir,
      text,
    }));
    const wanted = blocks.map(({ id, kind, level, dir, runs }) => {
      const text = (runs as SampleRun[]).map((run) => run.text ?? (run.br ? "\n" : "")).join("");
      return { id, kind, level, dir, text };
    });
    expect(read).toEqual(wanted);
  },
);

it("uses the names of the contract", () => {
  expect([keys.BODY, keys.NOTES]).toEqual([contract.roots.body.name, contract.roots.notes.name]);
  expect(keys.BLOCK_KINDS).toEqual(contract.blocks.kinds);
  expect([...keys.SIMPLE_MARKS].sort()).toEqual([...contract.marks.simple].sort());
  expect(keys.KEYED_PREFIXES).toEqual(contract.marks.keyed_prefixes);
  expect(keys.MARKER_PREFIXES).toEqual(contract.marks.on_markers);
  for (const kind of keys.BLOCK_KINDS) {
    expect(keys.defaultLevel(kind)).toBe(contract.blocks.default_level[kind]);
    expect(keys.LEVELS[kind]).toEqual(
      (contract.blocks.levels as Record<string, number[]>)[kind] ?? [],
    );
  }
});
