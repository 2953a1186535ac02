import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { HeadCheck } from "./headCheck";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function checkOf(own: { hash: string; quiet: boolean }) {
  const differs = vi.fn();
  const check = new HeadCheck(
    () => own.hash,
    () => own.quiet,
    differs,
  );
  return { check, differs };
}

test("equal texts are left alone", () => {
  const { check, differs } = checkOf({ hash: "a", quiet: true });
  check.noteHead({ seq: 1, hash: "a" });
  vi.runAllTimers();
  expect(differs).not.toHaveBeenCalled();
});

test("a difference is found once it is quiet", () => {
  const { check, differs } = checkOf({ hash: "a", quiet: true });
  check.noteHead({ seq: 1, hash: "b" });
  expect(differs).not.toHaveBeenCalled();
  vi.runAllTimers();
  expect(differs).toHaveBeenCalledOnce();
});

test("nothing is compared while a change of ours or a newer head is on its way", () => {
  const own = { hash: "a", quiet: false };
  const { check, differs } = checkOf(own);
  check.noteHead({ seq: 1, hash: "b" });
  vi.runAllTimers();
  own.quiet = true;
  check.noteHead({ seq: 2, hash: "c" });
  check.noteChange();
  vi.runAllTimers();
  expect(differs).not.toHaveBeenCalled();
});
