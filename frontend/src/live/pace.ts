/** How long to wait before trying again: at once, then longer each time, until it goes well. */

const FIRST_MS = 500;
const LONGEST_MS = 30_000;

export class Pace {
  #failures = 0;
  #timer: ReturnType<typeof setTimeout> | null = null;

  /** Calls `attempt` when it is time; a later call replaces an earlier one that still waits. */
  again(attempt: () => void): void {
    this.stop();
    const wait = this.#failures === 0 ? 0 : Math.min(FIRST_MS * 2 ** this.#failures, LONGEST_MS);
    this.#failures += 1;
    if (wait === 0) attempt();
    else this.#timer = setTimeout(attempt, wait);
  }

  wentWell(): void {
    this.#failures = 0;
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }
}
