/** One section's live text: its Y.Doc, who else is in it, and whether it is saved. */
import { HocuspocusProvider, type HocuspocusProviderWebsocket } from "@hocuspocus/provider";
import * as Y from "yjs";
import { HeadCheck, type HeadNotice } from "./headCheck";
import type { Keep } from "./kept";
import { type LiveText, newText, takeClientId } from "./liveText";
import { Observable } from "./observable";
import { Pace } from "./pace";
import { readSectionMessage } from "./reportView";
import { type LiveState, liveState, sameState, UNHEARD, type WireFacts } from "./saving";
import { type FetchTicket, TicketRefused } from "./ticket";
import { unsentWords } from "./unsent";

/** Words that the server refused, kept so that their author can copy them. */
export interface RefusedWords {
  reason: string;
  words: string;
}

export interface LiveDocumentOptions {
  sectionId: string;
  socket: HocuspocusProviderWebsocket;
  fetchTicket: FetchTicket;
  /** Null: what is not acknowledged lives as long as the page. */
  keep: Keep | null;
}

/** Content hash of a document, as the server computes it. */
export type HashOf = (doc: Y.Doc) => string;

/** What the server says on a line holds until the line is lost. */
const WITHOUT_A_LINE = { admitted: false, synced: false, unsaved: null, damage: null } as const;

export class LiveDocument {
  readonly state = new Observable<LiveState>({ kind: "connecting" });
  readonly text = new Observable<LiveText>(newText(0));
  /** The server's last commit in this section. */
  readonly head = new Observable<HeadNotice | null>(null);
  readonly writable = new Observable<boolean>(false);
  readonly refused = new Observable<RefusedWords | null>(null);
  /** The text had become another than the server's, and what is shown now was taken afresh. */
  readonly resynced = new Observable<boolean>(false);

  readonly #options: LiveDocumentOptions;
  readonly #reopening = new Pace();
  readonly #asking = new Pace();
  #provider: HocuspocusProvider | null = null;
  #hashOf: HashOf | null = null;
  #check: HeadCheck | null = null;
  #facts: WireFacts = UNHEARD;
  #pending: Uint8Array[] = [];
  #refusal: string | null = null;
  /** Why the server closed this text, while it is being opened anew. */
  #ending = "";
  #ticketError: unknown = null;
  #closed = false;

  constructor(options: LiveDocumentOptions) {
    this.#options = options;
    this.#open();
    void this.#takeUpKept(this.text.get());
  }

  /** Changes that an earlier page left behind unacknowledged go on their way again. */
  async #takeUpKept({ doc, generation }: LiveText): Promise<void> {
    const kept = (await this.#options.keep?.read()) ?? [];
    if (kept.length === 0 || this.#closed || this.text.get().generation !== generation) return;
    this.#pending.push(...kept);
    Y.applyUpdate(doc, Y.mergeUpdates(kept), this.#options.keep);
  }

  /** The member has taken note of the words that could not be saved. */
  dismissRefused(): void {
    this.refused.set(null);
  }

  /** The member has taken note that the text was taken afresh. */
  dismissResynced(): void {
    this.resynced.set(false);
  }

  /** Asks the server again whether this member may read and write here. */
  renew(): void {
    if (this.#closed) return;
    if (this.#facts.denied !== null) this.#replace();
    else void this.#provider?.sendToken();
  }

  /** From now on the text is compared with the server's after each commit. */
  compareWith(hashOf: HashOf): void {
    this.#hashOf = hashOf;
    this.#startCheck();
  }

  /** Drops the document and its client id, and takes the server's text afresh. */
  takeAfresh(): void {
    if (!this.#closed) this.#replace();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    this.#shut();
  }

  #open(): void {
    const text = this.text.get();
    const { socket, sectionId } = this.#options;
    this.#startCheck();
    text.doc.on("update", this.#noteUpdate);
    this.#provider = new HocuspocusProvider({
      name: sectionId,
      document: text.doc,
      awareness: text.awareness,
      websocketProvider: socket,
      token: () => this.#takeTicket(text),
      onStatus: ({ status }) => this.#learn({ socket: status }),
      onAuthenticated: ({ scope }) => this.#admitted(scope === "read-write"),
      onAuthenticationFailed: ({ reason }) => this.#keptOut(reason),
      onSynced: () => this.#learn({ synced: true, everSynced: true, reloading: false }),
      onUnsyncedChanges: ({ number }) => this.#noteUnsynced(number),
      onDisconnect: () => this.#learn(WITHOUT_A_LINE),
      onClose: ({ event }) => this.#closedByServer(event.code, event.reason),
      onStateless: ({ payload }) => this.#hear(payload),
    });
    this.#provider.attach();
    this.#learn({ socket: socket.status });
  }

  #startCheck(): void {
    const hashOf = this.#hashOf;
    const { doc } = this.text.get();
    this.#check?.stop();
    if (!hashOf) return;
    this.#check = new HeadCheck(() => hashOf(doc), this.#isQuiet, this.#onDifference);
  }

  /** A ticket is fetched for each connection; its client id is set before anything is written. */
  async #takeTicket(text: LiveText): Promise<string> {
    try {
      const { ticket, client_id } = await this.#options.fetchTicket();
      this.#ticketError = null;
      if (client_id !== null) takeClientId(text, client_id);
      return ticket;
    } catch (error) {
      this.#ticketError = error;
      throw error;
    }
  }

  #admitted(writable: boolean): void {
    this.#asking.wentWell();
    this.#learn({ admitted: true, denied: null, writable });
  }

  /** The server said no for good, or could not be asked: then it is asked again later. */
  #keptOut(reason: string): void {
    const error = this.#ticketError;
    if (error !== null && !(error instanceof TicketRefused)) {
      this.#asking.again(() => void this.#provider?.sendToken());
      return;
    }
    this.#learn({ admitted: false, denied: error?.message ?? reason });
  }

  readonly #noteUpdate = (update: Uint8Array, origin: unknown): void => {
    this.#check?.noteChange();
    if (origin !== this.#provider) this.#await(update);
  };

  #await(update: Uint8Array): void {
    this.#pending.push(update);
    this.#options.keep?.hold(this.#pending, this.#facts.synced);
  }

  #forgetPending(): void {
    this.#pending = [];
    this.#options.keep?.hold([], true);
  }

  #noteUnsynced(unsynced: number): void {
    if (unsynced === 0) {
      this.#forgetPending();
      this.#reopening.wentWell();
    }
    this.#learn(unsynced === 0 ? { unsynced, unsaved: null } : { unsynced });
  }

  #hear(payload: string): void {
    const message = readSectionMessage(payload);
    if (message?.type === "refused") this.#refusal = message.reason;
    if (message?.type === "unsaved") this.#learn({ unsaved: message.reason });
    if (message?.type === "damaged") this.#learn({ damage: message.reason });
    if (message?.type !== "head") return;
    const head = { seq: message.seq, hash: message.hash };
    this.head.set(head);
    this.#check?.noteHead(head, this.#pending.length === 0);
  }

  readonly #isQuiet = (): boolean => this.#facts.synced && this.#facts.unsynced === 0;

  /** The text differs from the server's: say so, then take it afresh. */
  readonly #onDifference = (): void => {
    this.#learn({ differs: true });
    this.#reopening.again(() => this.takeAfresh());
  };

  /** A close of this document alone: the update was refused, or the right to be here ended. */
  #closedByServer(code: number, reason: string): void {
    if (this.#closed || code !== 1000 || this.#options.socket.status !== "connected") return;
    this.#ending = this.#refusal ?? reason;
    this.#refusal = null;
    this.#keepWords();
    this.#learn({ admitted: false, synced: false, reloading: true });
    this.#reopening.again(() => this.takeAfresh());
  }

  /** What was written here and not acknowledged goes to its author before the text is dropped. */
  #keepWords(): void {
    const words = unsentWords(this.#pending);
    this.#forgetPending();
    const kept = this.refused.get();
    if (words === "") return;
    const reason = this.#facts.denied ?? this.#ending;
    this.refused.set({ reason, words: kept ? `${kept.words}\n${words}` : words });
  }

  #replace(): void {
    this.#keepWords();
    this.#ending = "";
    this.#shut();
    if (this.#facts.differs) this.resynced.set(true);
    this.#facts = { ...UNHEARD, everSynced: this.#facts.everSynced, reloading: true };
    this.text.set(newText(this.text.get().generation + 1));
    this.#open();
  }

  #shut(): void {
    const { doc, awareness } = this.text.get();
    for (const pace of [this.#reopening, this.#asking]) pace.stop();
    this.#check?.stop();
    doc.off("update", this.#noteUpdate);
    this.#provider?.destroy();
    awareness.destroy();
  }

  #learn(news: Partial<WireFacts>): void {
    this.#facts = { ...this.#facts, ...news };
    const next = liveState(this.#facts);
    if (!sameState(next, this.state.get())) this.state.set(next);
    this.writable.set(this.#facts.admitted && this.#facts.writable);
  }
}
