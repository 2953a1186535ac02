/** The plain socket behind a hall screen: it reads, never writes, and tries again for ever. */
import { type HallEvent, type HallState, reduceHall, UNHEARD } from "./hallState";

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 5000;
/** A line that says nothing for so long is dropped and dialled anew. */
const GIVE_UP_MS = 12_000;
/** The close code of a server that has no place for another screen. */
const FULL = 4429;

/** The wait before the next attempt, after so many that failed. */
export function waitBefore(failures: number): number {
  return Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS);
}

export class HallSocket {
  #state: HallState = UNHEARD;
  #socket: WebSocket | null = null;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #silence: ReturnType<typeof setTimeout> | null = null;
  #failures = 0;
  readonly #url: string;
  readonly #listeners = new Set<() => void>();

  constructor(url: string) {
    this.#url = url;
    this.#dial();
  }

  readonly state = (): HallState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  close(): void {
    this.#hangUp();
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#listeners.clear();
  }

  #dial(): void {
    const socket = new WebSocket(this.#url);
    this.#socket = socket;
    this.#watchSilence();
    socket.onmessage = ({ data }) => {
      this.#failures = 0;
      this.#watchSilence();
      this.#learn({ type: "message", payload: String(data), now: Date.now() });
    };
    socket.onclose = ({ code, reason }) => this.#dropped(code === FULL ? reason : "");
    // An error is always followed by a close, which says enough.
    socket.onerror = () => undefined;
  }

  #watchSilence(): void {
    if (this.#silence !== null) clearTimeout(this.#silence);
    this.#silence = setTimeout(() => this.#dropped(), GIVE_UP_MS);
  }

  #dropped(refusal = ""): void {
    this.#hangUp();
    // A meeting that is closed does not open again, and a withdrawn screen does not come back.
    if (this.#state.closed !== null) return;
    this.#learn(refusal === "" ? { type: "dropped" } : { type: "dropped", refusal });
    this.#timer = setTimeout(() => this.#dial(), waitBefore(this.#failures));
    this.#failures += 1;
  }

  #hangUp(): void {
    if (this.#silence !== null) clearTimeout(this.#silence);
    if (!this.#socket) return;
    this.#socket.onmessage = null;
    this.#socket.onclose = null;
    this.#socket.close();
    this.#socket = null;
  }

  #learn(event: HallEvent): void {
    const next = reduceHall(this.#state, event);
    if (next === this.#state) return;
    this.#state = next;
    for (const listener of [...this.#listeners]) listener();
  }
}

/** The address of a screen's socket on this server. */
export function screenAddress(token: string): string {
  const { protocol, host } = window.location;
  const scheme = protocol === "https:" ? "wss:" : "ws:";
  return `${scheme}//${host}/live/screen/${encodeURIComponent(token)}`;
}
