import { afterEach, expect, test, vi } from "vitest";
import { ApiError, answer, toError, Unreachable, whenSignedOut } from "./client";

afterEach(() => {
  whenSignedOut(() => undefined);
});

function refusal(status: number): { error: unknown; response: Response } {
  const response = new Response(null, { status });
  return { error: { error: "NotSignedIn", detail: "Please sign in." }, response };
}

test("a refusal carries the server's sentence and what is true now", () => {
  const error = toError(409, { error: "TextMoved", detail: "The text has moved.", seq: 7 });
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({
    status: 409,
    error: "TextMoved",
    message: "The text has moved.",
    facts: { seq: 7 },
  });
});

test("an answer that is no sentence of ours counts as unreachable", () => {
  expect(toError(502, "<html>Bad gateway</html>")).toBeInstanceOf(Unreachable);
});

test("a lost line is no refusal", async () => {
  await expect(answer(Promise.reject(new TypeError("Failed to fetch")))).rejects.toThrow(
    Unreachable,
  );
});

test("the end of a sign-in is told, and still an error for whoever asked", async () => {
  const told = vi.fn();
  whenSignedOut(told);
  await expect(answer(Promise.resolve(refusal(401)))).rejects.toThrow("Please sign in.");
  expect(told).toHaveBeenCalledOnce();
});

test("a missing right ends no sign-in", async () => {
  const told = vi.fn();
  whenSignedOut(told);
  await expect(answer(Promise.resolve(refusal(403)))).rejects.toThrow(ApiError);
  expect(told).not.toHaveBeenCalled();
});
