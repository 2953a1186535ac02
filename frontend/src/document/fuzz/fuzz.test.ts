import { describe, expect, it } from "vitest";
import { fromText } from "../binding/binding.ts";
import type { FuzzClient } from "./client.ts";
import { type Outcome, type RunOptions, runFuzz } from "./run.ts";

const RUNS = Number(process.env.FUZZ_RUNS ?? 300);
const FIRST = Number(process.env.FUZZ_SEED ?? 1);
const LONG = 3_600_000;

type Total = Omit<Outcome, "faults">;

function runAll(first: number, count: number, options: Omit<RunOptions, "seed">): Total {
  const total = { kept: 0, leaked: 0, marked: 0, doubled: 0, corrections: 0 };
  for (let seed = first; seed < first + count; seed += 1) {
    const outcome = runFuzz({ seed, ...options });
    if (outcome.faults.length > 0) {
      throw new Error(`FUZZ_SEED=${seed}: ${outcome.faults.slice(0, 5).join("\n")}`);
    }
    for (const key of Object.keys(total) as (keyof Total)[]) total[key] += outcome[key];
  }
  return total;
}

describe("two to four people in one section, on and off line", () => {
  it(`lose nothing and see the text (${RUNS} runs)`, { timeout: LONG }, () => {
    const total = runAll(FIRST, RUNS, {});
    console.info(`seeds ${FIRST} to ${FIRST + RUNS - 1}: ${JSON.stringify(total)}`);
    expect(total.kept).toBeGreaterThan(RUNS * 20);
    expect(total.leaked).toBeLessThan(20 + total.marked * 0.05);
  });

  it("have true screens after every single step", { timeout: LONG }, () => {
    runAll(FIRST + 1_000_000, Math.ceil(RUNS / 10), { eachStep: true });
  });

  it("double nothing at all while nobody undoes or moves a block", { timeout: LONG }, () => {
    const total = runAll(FIRST + 2_000_000, Math.ceil(RUNS / 10), {
      withUndo: false,
      withMoves: false,
    });
    expect(total.doubled).toBe(0);
  });
});

/** What a run must notice: each breaks one promise of the binding, once. */
const SABOTAGES: Readonly<Record<string, RunOptions["sabotage"]>> = {
  "an update that never arrives": ([client], turn) => {
    if (turn === 10) for (const box of client?.inboxes.values() ?? []) box.shift();
  },
  "a character that disappears from the text": ([client], turn) => {
    if (turn === 10) client?.session.body.delete(1, 1);
  },
  "a character that is written twice": ([client], turn) => {
    if (turn !== 10 || client === undefined) return;
    const [first] = client.characters().keys();
    client.session.body.insert(2, first ?? "", {});
  },
  "a screen that shows another letter": ([client], turn) => {
    if (turn === 10) showAnotherLetter(client);
  },
};

function showAnotherLetter(client: FuzzClient | undefined): void {
  if (client === undefined) return;
  const { state } = client.view;
  client.view.dispatch(state.tr.insertText("#", 2, 3).setMeta(fromText, true));
}

describe("the fuzz can fail: it notices", () => {
  it.each(Object.entries(SABOTAGES))("%s", (_name, sabotage) => {
    const found = Array.from({ length: 10 }, (_, seed) =>
      runFuzz({ seed: FIRST + seed, withUndo: false, ...(sabotage ? { sabotage } : {}) }),
    );
    expect(found.some(({ faults }) => faults.length > 0)).toBe(true);
  });
});
