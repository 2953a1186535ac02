/** The one door to the server's HTTP API: paths, errors and the end of a sign-in. */

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

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

let onSignedOut: () => void = () => undefined;

/** `call` runs whenever the server says that nobody is signed in here. */
export function whenSignedOut(call: () => void): void {
  onSignedOut = call;
}

export interface RequestOptions {
  body?: unknown;
  headers?: Record<string, string>;
}

/** The answer's JSON; raises ApiError with the server's sentence, or Unreachable. */
export async function request<T>(
  method: Method,
  path: string,
  { body, headers }: RequestOptions = {},
): Promise<T> {
  const response = await send(method, path, body, headers);
  const answer = await readJson(response);
  if (response.ok) return answer as T;
  if (response.status === 401 && !path.startsWith("/sign-ins")) onSignedOut();
  throw toError(response.status, answer);
}

async function send(
  method: Method,
  path: string,
  body: unknown,
  headers?: Record<string, string>,
): Promise<Response> {
  try {
    return await fetch(`/api/v1${path}`, {
      method,
      headers: {
        Accept: "application/json",
        ...(body === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      credentials: "same-origin",
    });
  } catch {
    throw new Unreachable("The server cannot be reached.");
  }
}

async function readJson(response: Response): Promise<unknown> {
  if (response.status === 204) return undefined;
  try {
    return await response.json();
  } catch {
    if (response.ok) throw new Unreachable("The server's answer could not be read.");
    return null;
  }
}

export function toError(status: number, answer: unknown): ApiError | Unreachable {
  if (typeof answer !== "object" || answer === null) {
    return new Unreachable(`The server answered ${status}.`);
  }
  const { error, detail, ...facts } = answer as Record<string, unknown>;
  return new ApiError(status, typeof error === "string" ? error : "", sentence(detail), facts);
}

/** A sentence as sent, or the first of the messages in a validation list. */
function sentence(detail: unknown): string {
  if (typeof detail === "string") return detail;
  if (Array.isArray(detail)) {
    const first: unknown = detail[0];
    if (typeof first === "object" && first !== null && "msg" in first) return String(first.msg);
  }
  return "The server refused this.";
}

/** The sentence to show for anything that was thrown. */
export function sentenceOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
