import { expect, test } from "vitest";
import type { ReportView, SectionState, SectionView } from "../../../live/reportView";
import type { Block } from "../../../reading/block";
import { countOf, mayBePut, passes, rowsOf, sectionsBeforePlenary } from "./paragraphs";

function aSection(id: string, state: SectionState): SectionView {
  return {
    id,
    parent_id: null,
    depth: 0,
    number: "I.",
    title: id,
    state,
    subgroup_id: null,
    start_number: 1,
    head_seq: 1,
    paragraphs: 2,
    words: 10,
    words_agreed: 0,
    agreed: 0,
    bracketed: 0,
    parked: 0,
  };
}

function aView(sections: SectionView[]): ReportView {
  const decided = { at: "", section_id: "s1", hash: "", label: "", by: "chair" };
  return {
    version: 1,
    report_id: "r",
    title: "Report",
    symbol: "",
    zone: "UTC",
    sections,
    statuses: { p1: { ...decided, status: "agreed" }, p2: { ...decided, status: "bracketed" } },
    meeting: {
      id: "m",
      title: "Morning",
      state: "open",
      reading: 1,
      opened_at: "",
      planned_minutes: 60,
      used_s: 0,
      chair: { member_id: "c", name: "Chair" },
      pen: null,
      floor: { section_id: "s1", paragraph_id: "p3", label: "3", since: "" },
      counts: { paragraphs: 0, agreed: 0, bracketed: 0, parked: 0, open: 0 },
      gauge: { words: 0, words_agreed: 0, time_used_s: 0, time_planned_s: 0 },
    },
  };
}

function aBlock(id: string, text: string, kind = "para"): Block {
  return { id, kind, level: 0, dir: "", label: "1", runs: [{ text }] };
}

const BLOCKS = [
  { ...aBlock("p0", "Heading", "heading"), label: "" },
  aBlock("p1", "Agreed."),
  aBlock("p2", "Bracketed."),
  aBlock("p3", "On the floor."),
  aBlock("p4", "  "),
];

test("only sections that have come before the plenary are listed", () => {
  const view = aView([
    aSection("s1", "in_reading"),
    aSection("s2", "drafting"),
    aSection("s3", "consolidated"),
    aSection("s4", "read"),
    aSection("s5", "signed_off"),
  ]);

  expect(sectionsBeforePlenary(view).map(({ id }) => id)).toEqual(["s1", "s3", "s4"]);
});

test("headings are no rows; statuses and floor come from the view", () => {
  const rows = rowsOf(aView([aSection("s1", "in_reading")]), "s1", BLOCKS);

  expect(rows.map(({ id, status, isOnFloor }) => [id, status, isOnFloor])).toEqual([
    ["p1", "agreed", false],
    ["p2", "bracketed", false],
    ["p3", "tabled", true],
    ["p4", "tabled", false],
  ]);
});

test("a number without words is a row that nobody has to decide about", () => {
  const section = aSection("s1", "in_reading");
  const heading = { ...aBlock("p5", "", "heading"), label: "" };
  const rows = rowsOf(aView([section]), "s1", [...BLOCKS, heading]);

  expect(rows.map(({ id, isEmpty }) => [id, isEmpty]).at(-1)).toEqual(["p4", true]);
  expect(rows.filter(mayBePut).map(({ id }) => id)).toEqual(["p2"]);
  expect(rows.filter((row) => passes(row, "all"))).toHaveLength(4);
  expect(countOf([{ section, rows }], "remaining")).toBe(2);
});

test("what remains is all that is not agreed", () => {
  const section = aSection("s1", "in_reading");
  const rows = rowsOf(aView([section]), "s1", BLOCKS);
  const sections = [{ section, rows }];

  expect(rows.filter((row) => passes(row, "remaining")).map(({ id }) => id)).toEqual(["p2", "p3"]);
  expect(countOf(sections, "all")).toBe(3);
  expect(countOf(sections, "bracketed")).toBe(1);
  expect(countOf(sections, "parked")).toBe(0);
  expect(countOf([{ section, rows: null }], "all")).toBe(0);
});
