import { expect, it } from "vitest";
import { measureReach } from "./reach.ts";

const RUNS = Math.ceil(Number(process.env.FUZZ_RUNS ?? 300) / 5);
const FIRST = Number(process.env.FUZZ_SEED ?? 1);

it("lets no formatting run away through a section", { timeout: 3_600_000 }, () => {
  let leaked = 0;
  let runs = 0;
  let furthest = 0;
  for (let seed = FIRST; seed < FIRST + RUNS; seed += 1) {
    const reach = measureReach(seed);
    leaked += reach.leaked;
    if (reach.leaked > 0) runs += 1;
    furthest = Math.max(furthest, reach.furthest);
    expect(reach.furthest, `FUZZ_SEED=${seed}`).toBeLessThanOrEqual(3);
  }
  console.info(
    `${leaked} characters leaked in ${runs} of ${RUNS} runs, at most ${furthest} blocks`,
  );
});
