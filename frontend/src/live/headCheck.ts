/** Notices when the text here and the text of the server's last commit are not the same. */
export interface HeadNotice {
  seq: number;
  hash: string;
}

/** Quiet time before a comparison: hashing a long section on each keystroke would be felt. */
const QUIET_MS = 2000;

export class HeadCheck {
  #head: HeadNotice | null = null;
  /** A change came after the head's notice: its own notice is still on the way. */
  #moved = false;
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

  noteHead(head: HeadNotice): void {
    this.#head = head;
    this.#moved = false;
    this.stop();
    this.#timer = setTimeout(() => this.compare(), QUIET_MS);
  }

  noteChange(): void {
    this.#moved = true;
  }

  compare(): void {
    if (this.#head === null || this.#moved || !this.#isQuiet()) return;
    if (this.#hashOf() !== this.#head.hash) this.#differs();
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
