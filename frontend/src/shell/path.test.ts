import { expect, test } from "vitest";
import { findRoute } from "../routes";
import { matchPath, safeReturn } from "./path";

test("an address gives the parts that its pattern names", () => {
  expect(matchPath("/reports/:reportId/sections/:sectionId", "/reports/r/sections/s")).toEqual({
    reportId: "r",
    sectionId: "s",
  });
  expect(matchPath("/reports/:reportId", "/reports/r/exports")).toBeNull();
  expect(matchPath("/screen/:token", "/screen/a%20b")).toEqual({ token: "a b" });
});

test("a broken escape is no page instead of a crash", () => {
  expect(matchPath("/screen/:token", "/screen/%E0%A4%A")).toBeNull();
});

test("a closing slash changes nothing", () => {
  expect(matchPath("/reports/:reportId", "/reports/r/")).toEqual({ reportId: "r" });
});

test("after signing in nobody is led to another site", () => {
  expect(safeReturn("/reports/r")).toBe("/reports/r");
  for (const trap of ["//evil.example", "/\\evil.example", "https://evil.example", "", null]) {
    expect(safeReturn(trap)).toBe("/");
  }
  expect(safeReturn("/sign-in?back=/x")).toBe("/");
});

test("only signing in and the hall screen are open to everybody", () => {
  const open = ["/sign-in", "/sign-in/link/t", "/screen/t"];
  for (const path of open) expect(findRoute(path)?.route.open).toBe(true);
  for (const path of ["/", "/me", "/reports/r", "/reports/r/podium", "/groups/g"]) {
    expect(findRoute(path)?.route.open ?? false).toBe(false);
  }
  expect(findRoute("/nowhere")).toBeNull();
});
