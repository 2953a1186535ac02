import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { HeadCheck } from "./headCheck";

const QUIET_MS = 2000;
const AGAIN_MS = 30_000;

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
  check.noteHead({ seq: 1, hash: "a" }, true);
  vi.advanceTimersByTime(QUIET_MS);
  expect(differs).not.toHaveBeenCalled();
});

test("a difference is found once it is quiet", () => {
  const { check, differs } = checkOf({ hash: "a", quiet: true });
  check.noteHead({ seq: 1, hash: "b" }, true);
  expect(differs).not.toHaveBeenCalled();
  vi.advanceTimersByTime(QUIET_MS);
  expect(differs).toHaveBeenCalledOnce();
});

test("nothing is compared while a change of ours or a newer head is on its way", () => {
  const own = { hash: "a", quiet: false };
  const { check, differs } = checkOf(own);
  check.noteHead({ seq: 1, hash: "b" }, true);
  vi.advanceTimersByTime(QUIET_MS);
  own.quiet = true;
  check.noteHead({ seq: 2, hash: "c" }, true);
  check.noteChange();
  vi.advanceTimersByTime(QUIET_MS);
  expect(differs).not.toHaveBeenCalled();
});

test("a head that comes while something of ours is unacknowledged does not cover it", () => {
  const { check, differs } = checkOf({ hash: "a", quiet: true });
  check.noteChange();
  check.noteHead({ seq: 1, hash: "b" }, false);
  vi.advanceTimersByTime(AGAIN_MS);
  expect(differs).not.toHaveBeenCalled();
  check.noteHead({ seq: 2, hash: "b" }, true);
  vi.advanceTimersByTime(QUIET_MS);
  expect(differs).toHaveBeenCalledOnce();
});

test("what could not be compared at once is compared later", () => {
  const own = { hash: "a", quiet: true };
  const { check, differs } = checkOf(own);
  check.noteHead({ seq: 1, hash: "b" }, true);
  own.quiet = false;
  vi.advanceTimersByTime(QUIET_MS);
  own.quiet = true;
  expect(differs).not.toHaveBeenCalled();
  vi.advanceTimersByTime(AGAIN_MS);
  expect(differs).toHaveBeenCalledOnce();
});

test("a text that was found equal is hashed again only when something has changed", () => {
  const hashOf = vi.fn(() => "a");
  const check = new HeadCheck(hashOf, () => true, vi.fn());
  check.noteHead({ seq: 1, hash: "a" }, true);
  vi.advanceTimersByTime(QUIET_MS + 4 * AGAIN_MS);
  expect(hashOf).toHaveBeenCalledOnce();
  check.noteHead({ seq: 2, hash: "a" }, true);
  vi.advanceTimersByTime(QUIET_MS);
  expect(hashOf).toHaveBeenCalledTimes(2);
});

test("nothing is compared once it is stopped", () => {
  const { check, differs } = checkOf({ hash: "a", quiet: true });
  check.noteHead({ seq: 1, hash: "b" }, true);
  check.stop();
  vi.advanceTimersByTime(QUIET_MS + AGAIN_MS);
  expect(differs).not.toHaveBeenCalled();
});
