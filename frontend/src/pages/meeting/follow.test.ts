import { expect, test } from "vitest";
import type { ReportView } from "../../live/reportView";
import { placeOf } from "./follow";

function viewWith(floor: { section_id: string; paragraph_id: string } | null): ReportView {
  const sections = [
    { id: "first", state: "read" },
    { id: "second", state: "in_reading" },
    { id: "third", state: "consolidated" },
  ];
  return { sections, meeting: { floor } } as unknown as ReportView;
}

const FLOOR = { section_id: "third", paragraph_id: "p7" };

test("a device follows the floor", () => {
  expect(placeOf(viewWith(FLOOR), null)).toEqual({ sectionId: "third", paragraphId: "p7" });
});

test("a device that roams stays where its member went", () => {
  expect(placeOf(viewWith(FLOOR), "first")).toEqual({ sectionId: "first", paragraphId: null });
});

test("roaming in the section of the floor still shows what is on the floor", () => {
  expect(placeOf(viewWith(FLOOR), "third")).toEqual({ sectionId: "third", paragraphId: "p7" });
});

test("with a clear floor the device waits in the section that is being read", () => {
  expect(placeOf(viewWith(null), null)).toEqual({ sectionId: "second", paragraphId: null });
});

test("a section that has left the outline is not waited for", () => {
  expect(placeOf(viewWith(FLOOR), "gone")?.sectionId).toBe("third");
});

test("an empty outline has no place", () => {
  expect(placeOf({ sections: [], meeting: null } as unknown as ReportView, null)).toBeNull();
});
