import i18next from "i18next";
import { beforeAll, expect, test } from "vitest";
import { en } from "../words/en";
import { ago, momentOf } from "./time";

beforeAll(async () => {
  await i18next.init({ lng: "en", resources: { en: { translation: en } } });
});

const NOW = Date.parse("2026-11-24T12:00:00Z");

test("time is told as people tell it", () => {
  expect(ago("2026-11-24T11:59:40Z", NOW)).toBe("just now");
  expect(ago("2026-11-24T11:55:00Z", NOW)).toBe("5 minutes ago");
  expect(ago("2026-11-24T09:00:00Z", NOW)).toBe("3 hours ago");
  expect(ago("2026-11-23T12:00:00Z", NOW)).toBe("yesterday");
});

test("after a week the date says more than a count of days", () => {
  expect(ago("2026-10-13T12:00:00Z", NOW)).toBe("Oct 13, 2026");
});

test("a clock of the server that runs ahead does not tell of the future", () => {
  expect(ago("2026-11-24T12:00:30Z", NOW)).toBe("just now");
});

test("a moment is shown in the report's zone", () => {
  expect(momentOf("2026-11-24T23:30:00Z", "Europe/Zurich")).toContain("Nov 25, 2026");
});
