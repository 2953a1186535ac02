/** Notices when the text here and the text of the server's last commit are not the same. */
export interface HeadNotice {
  seq: number;
  hash: string;
}

/** Quiet time before a comparison: hashing a long section on each keystroke would be felt. */
const QUIET_MS = 2000;
/** What could not be compared then, or has changed since, is looked at again at the latest now. */
const AGAIN_MS = 30_000;

export class HeadCheck {
  #head: HeadNotice | null = null;
  /** The text here may be newer than the head: that change's own notice is still on the way. */
  #moved = false;
  /** The head as it is was found equal to the text as it is. */
  #isSettled = false;
  #timer: ReturnType<typeof setTimeout> | null = null;
  readonly #hashOf: () => string;
  readonly #isQuiet: () => boolean;
  readonly #differs: () => void;

  /** `isQuiet`: nothing of ours is unacknowledged. `differs` is called once per difference found. */
  constructor(hashOf: () => string, isQuiet: () => boolean, differs: () => void) {
    this.#hashOf = hashOf;
    this.#isQuiet = isQuiet;
    this.#differs = differs;
  }

  /**
   * The server sends a head behind the changes and acknowledgements that it covers.
   * `coversAll`: no change of ours is unacknowledged; otherwise another head will follow it.
   */
  noteHead(head: HeadNotice, coversAll: boolean): void {
    this.#head = head;
    this.#moved = !coversAll;
    this.#isSettled = false;
    this.#wait(QUIET_MS);
  }

  /** The text has changed, by whomever. */
  noteChange(): void {
    this.#moved = true;
    this.#isSettled = false;
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #wait(ms: number): void {
    this.stop();
    this.#timer = setTimeout(() => this.#compare(), ms);
  }

  #compare(): void {
    if (this.#head === null) return;
    this.#wait(AGAIN_MS);
    if (this.#isSettled || this.#moved || !this.#isQuiet()) return;
    this.#isSettled = this.#hashOf() === this.#head.hash;
    if (!this.#isSettled) this.#differs();
  }
}
