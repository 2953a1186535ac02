/** The one door to the server's HTTP API: typed from its description, one shape of error. */
import createClient from "openapi-fetch";
import type { paths } from "./generated";

/** What the server answered instead of what was asked for; `message` is its sentence for people. */
export class ApiError extends Error {
  readonly status: number;
  /** Name of the server's error class, such as TextMoved. */
  readonly error: string;
  readonly facts: Record<string, unknown>;

  constructor(status: number, error: string, detail: string, facts: Record<string, unknown>) {
    super(detail);
    this.status = status;
    this.error = error;
    this.facts = facts;
  }
}

/** The server could not be reached, or answered in no way that we know. */
export class Unreachable extends Error {}

export const api = createClient<paths>({ credentials: "same-origin" });

let onSignedOut: () => void = () => undefined;

/** `call` runs whenever the server says that nobody is signed in here. */
export function whenSignedOut(call: () => void): void {
  onSignedOut = call;
}

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The answer's content; raises ApiError with the server's sentence, or Unreachable. */
export async function answer<T>(asked: Promise<Answer<T>>): Promise<T> {
  const { data, error, response } = await asked.catch(() => {
    throw new Unreachable("The server cannot be reached.");
  });
  if (response.ok) return data as T;
  if (response.status === 401 && !response.url.includes("/sign-ins")) onSignedOut();
  throw toError(response.status, error);
}

export function toError(status: number, said: unknown): ApiError | Unreachable {
  if (typeof said !== "object" || said === null) {
    return new Unreachable(`The server answered ${status}.`);
  }
  const { error, detail, ...facts } = said as Record<string, unknown>;
  const sentence = typeof detail === "string" ? detail : "The server refused this.";
  return new ApiError(status, typeof error === "string" ? error : "", sentence, facts);
}

/** The sentence to show for anything that was thrown. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
