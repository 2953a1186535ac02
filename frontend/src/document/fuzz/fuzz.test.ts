import { describe, expect, it } from "vitest";
import { type Outcome, runFuzz } from "./run.ts";

const RUNS = Number(process.env.FUZZ_RUNS ?? 300);
const FIRST = Number(process.env.FUZZ_SEED ?? 1);

function runAll(count: number, more: { eachStep?: boolean; withUndo?: boolean; first?: number }) {
  const total = { kept: 0, leaked: 0, marked: 0, doubled: 0, corrections: 0 };
  for (let seed = more.first ?? FIRST; seed < (more.first ?? FIRST) + count; seed += 1) {
    const outcome: Outcome = runFuzz({ seed, ...more });
    if (outcome.faults.length > 0) {
      throw new Error(`FUZZ_SEED=${seed}: ${outcome.faults.slice(0, 5).join("\n")}`);
    }
    for (const key of Object.keys(total) as (keyof typeof total)[]) total[key] += outcome[key];
  }
  return total;
}

describe("two to four people in one section", () => {
  it(`lose nothing and see the text (${RUNS} runs)`, { timeout: 3_600_000 }, () => {
    const total = runAll(RUNS, { withUndo: true });
    console.info(`seeds ${FIRST} to ${FIRST + RUNS - 1}: ${JSON.stringify(total)}`);
    expect(total.kept).toBeGreaterThan(RUNS * 20);
  });

  it("have true screens after every single step", { timeout: 600_000 }, () => {
    runAll(Math.ceil(RUNS / 10), { eachStep: true, first: FIRST + 1_000_000 });
  });
});
