/** What the server has not acknowledged yet, kept on this device: a crash of the page loses no word. */

/** Where one member's unacknowledged changes to one section are kept. */
export interface Keep {
  /** Changes that an earlier page left behind. */
  read(): Promise<Uint8Array[]>;
  /**
   * These are all the changes that wait now, in the order in which they were made; none: everything
   * that was kept is forgotten. `isLive`: the line stands, and an answer may come any moment.
   */
  hold(updates: readonly Uint8Array[], isLive: boolean): void;
}

const DATABASE = "rapporteur";
const STORE = "unacknowledged";

/** On a line that stands an acknowledgement takes milliseconds: only what waits longer is written. */
const PATIENCE_MS = 250;
const NUMBER_DIGITS = 10;

/** Keeps changes in the browser's database under `place`; without a database it keeps nothing. */
export class DeviceKeep implements Keep {
  readonly #place: string;
  /** Each page writes under its own key, so that two windows do not overwrite each other. */
  readonly #key: string;
  #waiting: readonly Uint8Array[] = [];
  /** How many of those are written down. Each is written once: the others do not grow with it. */
  #written = 0;
  #numbers = 0;
  #hasRows = false;
  #timer: ReturnType<typeof setTimeout> | null = null;
  #watches = false;

  constructor(place: string) {
    this.#place = place;
    this.#key = `${place}/${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;
  }

  async read(): Promise<Uint8Array[]> {
    try {
      const asked = (await openDatabase()).transaction(STORE).objectStore(STORE);
      const kept = (await settled(asked.getAll(this.#range()))) as (Uint8Array | Uint8Array[])[];
      this.#hasRows ||= kept.length > 0;
      return kept.flat();
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
    if (isNeeded === this.#watches) return;
    this.#watches = isNeeded;
    if (isNeeded) window.addEventListener("pagehide", this.#write);
    else window.removeEventListener("pagehide", this.#write);
  }

  readonly #write = (): void => {
    this.#stopWaiting();
    const fresh = this.#waiting.slice(this.#written);
    this.#written = this.#waiting.length;
    if (fresh.length === 0) return;
    this.#hasRows = true;
    inStore((store) => {
      for (const update of fresh) store.put(update, this.#nextKey());
    });
  };

  #nextKey(): string {
    this.#numbers += 1;
    return `${this.#key}/${String(this.#numbers).padStart(NUMBER_DIGITS, "0")}`;
  }

  #forget(): void {
    this.#stopWaiting();
    this.#written = 0;
    if (!this.#hasRows) return;
    this.#hasRows = false;
    inStore((store) => store.delete(this.#range()));
  }

  #stopWaiting(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
  }

  #range(): IDBKeyRange {
    return IDBKeyRange.bound(`${this.#place}/`, `${this.#place}/\uffff`);
  }
}

let opened: IDBDatabase | null = null;
let opening: Promise<IDBDatabase> | null = null;

/** Acts at once if the database is open: a page that closes in the next moment has still written. */
function inStore(act: (store: IDBObjectStore) => void): void {
  if (opened) change(opened, act);
  else
    openDatabase()
      .then((database) => change(database, act))
      .catch(ignore);
}

function change(database: IDBDatabase, act: (store: IDBObjectStore) => void): void {
  try {
    const transaction = database.transaction(STORE, "readwrite");
    act(transaction.objectStore(STORE));
    transaction.commit();
  } catch {
    ignore();
  }
}

/** A device that keeps nothing, such as a private window, still lets its member write. */
function ignore(): void {}

function openDatabase(): Promise<IDBDatabase> {
  opening ??= openAnew().catch((error: unknown) => {
    opening = null;
    throw error;
  });
  return opening;
}

async function openAnew(): Promise<IDBDatabase> {
  const asked = indexedDB.open(DATABASE, 1);
  asked.onupgradeneeded = () => asked.result.createObjectStore(STORE);
  const database = await settled(asked);
  const letGo = (): void => {
    database.close();
    opened = opening = null;
  };
  database.onversionchange = letGo;
  database.onclose = letGo;
  opened = database;
  return database;
}

function settled<T>(asked: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    asked.onsuccess = () => resolve(asked.result);
    asked.onerror = () => reject(asked.error);
  });
}
