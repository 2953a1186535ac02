/** What the server has not acknowledged yet, kept on this device: a crash of the page loses no word. */

/** Where one member's unacknowledged changes to one section are kept. */
export interface Keep {
  /** Changes that an earlier page left behind. */
  read(): Promise<Uint8Array[]>;
  /**
   * These are all the changes that wait now; none: everything that was kept is forgotten.
   * `isLive`: the line stands, and an answer may come any moment.
   */
  hold(updates: readonly Uint8Array[], isLive: boolean): void;
}

const DATABASE = "rapporteur";
const STORE = "unacknowledged";

/** On a line that stands an acknowledgement takes milliseconds: only what waits longer is written. */
const PATIENCE_MS = 250;

/** Keeps changes in the browser's database under `place`; without a database it keeps nothing. */
export class DeviceKeep implements Keep {
  readonly #place: string;
  /** Each page writes under its own key, so that two windows do not overwrite each other. */
  readonly #key: string;
  #waiting: readonly Uint8Array[] = [];
  #timer: ReturnType<typeof setTimeout> | null = null;
  #written = false;
  #watches = false;

  constructor(place: string) {
    this.#place = place;
    this.#key = `${place}/${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;
  }

  async read(): Promise<Uint8Array[]> {
    try {
      const kept = await inStore("readonly", (store) => store.getAll(this.#range()));
      this.#written ||= kept.length > 0;
      return (kept as Uint8Array[][]).flat();
    } catch {
      return [];
    }
  }

  hold(updates: readonly Uint8Array[], isLive: boolean): void {
    this.#waiting = updates;
    if (updates.length === 0) this.#forget();
    else if (isLive) this.#timer ??= setTimeout(this.#write, PATIENCE_MS);
    else this.#write();
    this.#watchTheDoor(updates.length > 0);
  }

  /** A page that is being left writes at once what still waits. */
  #watchTheDoor(isNeeded: boolean): void {
    if (typeof window === "undefined" || isNeeded === this.#watches) return;
    this.#watches = isNeeded;
    if (isNeeded) window.addEventListener("pagehide", this.#write);
    else window.removeEventListener("pagehide", this.#write);
  }

  readonly #write = (): void => {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    this.#written = true;
    const waiting = [...this.#waiting];
    inStore("readwrite", (store) => store.put(waiting, this.#key)).catch(ignore);
  };

  #forget(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    if (!this.#written) return;
    this.#written = false;
    inStore("readwrite", (store) => store.delete(this.#range())).catch(ignore);
  }

  #range(): IDBKeyRange {
    return IDBKeyRange.bound(`${this.#place}/`, `${this.#place}/\uffff`);
  }
}

/** A device that keeps nothing, such as a private window, still lets its member write. */
function ignore(): void {}

async function inStore<T>(
  mode: IDBTransactionMode,
  act: (store: IDBObjectStore) => IDBRequest<T>,
): Promise<T> {
  const database = await openDatabase();
  try {
    return await settled(act(database.transaction(STORE, mode).objectStore(STORE)));
  } finally {
    database.close();
  }
}

function openDatabase(): Promise<IDBDatabase> {
  const opening = indexedDB.open(DATABASE, 1);
  opening.onupgradeneeded = () => opening.result.createObjectStore(STORE);
  return settled(opening);
}

function settled<T>(asked: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}
