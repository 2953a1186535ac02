import { expect, test } from "vitest";
import type { ReportView, StatusView } from "../live/reportView";
import { textViewOf } from "./textView";

const WORDS = { floor: "On the floor", agreed: "Agreed", bracketed: "Bracketed", parked: "Parked" };

function held(status: StatusView["status"], section_id: string): StatusView {
  return { status, section_id, at: "2026-11-24T10:00:00Z", hash: "h", label: "4", by: "chair" };
}

const VIEW = {
  version: 1,
  report_id: "r",
  sections: [{ id: "s", start_number: 12 }],
  statuses: { p1: held("agreed", "s"), p2: held("bracketed", "s"), p3: held("agreed", "other") },
  meeting: { floor: { section_id: "s", paragraph_id: "p2", label: "13", since: "" } },
} as unknown as ReportView;

test("only agreed paragraphs of this section are locked", () => {
  expect([...textViewOf(VIEW, "s", WORDS).locked]).toEqual(["p1"]);
});

test("every status comes with its word and its symbol", () => {
  expect(textViewOf(VIEW, "s", WORDS).statuses.p2).toEqual({
    status: "bracketed",
    word: "Bracketed",
    symbol: "[ ]",
  });
});

test("the floor is drawn only in the section that has it", () => {
  expect(textViewOf(VIEW, "s", WORDS).floor?.blockId).toBe("p2");
  expect(textViewOf(VIEW, "other", WORDS).floor).toBeNull();
});

test("paragraph numbers go on from the sections before", () => {
  expect(textViewOf(VIEW, "s", WORDS).startNumber).toBe(12);
});
