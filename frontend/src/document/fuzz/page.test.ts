// @vitest-environment jsdom
import { EditorView } from "@tiptap/pm/view";
import { expect, it } from "vitest";
import type { OpenView } from "./client.ts";
import type { HeadlessView } from "./headlessView.ts";
import { giveTextAPlace } from "./page.ts";
import { runFuzz } from "./run.ts";

const FIRST = Number(process.env.FUZZ_SEED ?? 1);

giveTextAPlace();

const inPage: OpenView = (state) =>
  new EditorView(document.createElement("div"), { state }) as unknown as HeadlessView;

it("gives the same result in a real editor's view", { timeout: 600_000 }, () => {
  for (let seed = FIRST; seed < FIRST + 15; seed += 1) {
    const inView = runFuzz({ seed, open: inPage });
    expect(inView.faults, `FUZZ_SEED=${seed}`).toEqual([]);
    expect(inView).toEqual(runFuzz({ seed }));
  }
});
