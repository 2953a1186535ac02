import { expect, test } from "vitest";
import type { ReportView } from "../../live/reportView";
import { IN_THE_ROOM, reduceFollow, sectionShown } from "./follow";

function aView(floor: string | null, ids = ["s1", "s2", "s3"]): ReportView {
  const sections = ids.map((id) => ({ id, state: id === "s2" ? "in_reading" : "drafting" }));
  const meeting = { floor: floor ? { section_id: floor, paragraph_id: "p1" } : null };
  return { sections, meeting } as unknown as ReportView;
}

test("a device follows the room wherever it goes", () => {
  expect(sectionShown(aView("s3"), IN_THE_ROOM)).toBe("s3");
  expect(sectionShown(aView("s1"), IN_THE_ROOM)).toBe("s1");
});

test("with an empty floor the section in reading is shown, or else the first", () => {
  expect(sectionShown(aView(null), IN_THE_ROOM)).toBe("s2");
  expect(sectionShown(aView(null, ["s1", "s3"]), IN_THE_ROOM)).toBe("s1");
  expect(sectionShown(aView(null, []), IN_THE_ROOM)).toBeNull();
});

test("whoever reads elsewhere stays there while the room moves on", () => {
  const roaming = reduceFollow(IN_THE_ROOM, { type: "chose", sectionId: "s1" });

  expect(sectionShown(aView("s3"), roaming)).toBe("s1");
});

test("the way back leads to the room", () => {
  const roaming = reduceFollow(IN_THE_ROOM, { type: "wandered", sectionId: "s3" });

  expect(roaming.mode).toBe("roam");
  expect(reduceFollow(roaming, { type: "back" })).toEqual(IN_THE_ROOM);
});

test("scrolling in a chosen section does not choose another", () => {
  const chosen = reduceFollow(IN_THE_ROOM, { type: "chose", sectionId: "s1" });

  expect(reduceFollow(chosen, { type: "wandered", sectionId: "s3" })).toBe(chosen);
});

test("a section that is gone leads back to the room", () => {
  expect(sectionShown(aView("s3"), { mode: "roam", sectionId: "gone" })).toBe("s3");
});
