/** One socket for all live texts and reports that this page shows; each is opened once and shared. */
import { HocuspocusProviderWebsocket } from "@hocuspocus/provider";
import type { Keep } from "./kept";
import { LiveDocument } from "./liveDocument";
import { ReportChannel } from "./reportChannel";
import type { LiveTicket } from "./ticket";

export interface ConnectionOptions {
  /** The live endpoint, such as ws://host/live. */
  url: string;
  fetchTicket: (reportId: string, sectionId: string | null) => Promise<LiveTicket>;
  /** Where unacknowledged changes to a section are kept, if anywhere. */
  keepFor?: (sectionId: string) => Keep;
  /** For runs outside a browser. */
  WebSocket?: unknown;
}

/** A shared thing and what to call when this user of it is done. */
export interface Lease<T> {
  value: T;
  release: () => void;
}

interface Shared<T> {
  value: T;
  users: number;
}

export class LiveConnection {
  readonly #options: ConnectionOptions;
  readonly #socket: HocuspocusProviderWebsocket;
  readonly #documents = new Map<string, Shared<LiveDocument>>();
  readonly #channels = new Map<string, Shared<ReportChannel>>();

  constructor(options: ConnectionOptions) {
    this.#options = options;
    this.#socket = new HocuspocusProviderWebsocket({
      url: options.url,
      // The shortest delay may not be above the first, or the provider never connects.
      delay: 500,
      minDelay: 500,
      maxDelay: 5000,
      ...(options.WebSocket ? { WebSocketPolyfill: options.WebSocket } : {}),
    });
  }

  openSection(reportId: string, sectionId: string): Lease<LiveDocument> {
    return lease(this.#documents, sectionId, () => {
      return new LiveDocument({
        sectionId,
        socket: this.#socket,
        fetchTicket: () => this.#options.fetchTicket(reportId, sectionId),
        keep: this.#options.keepFor?.(sectionId) ?? null,
      });
    });
  }

  openReport(reportId: string): Lease<ReportChannel> {
    return lease(this.#channels, reportId, () => {
      return new ReportChannel(reportId, this.#socket, () =>
        this.#options.fetchTicket(reportId, null),
      );
    });
  }

  close(): void {
    for (const { value } of this.#documents.values()) value.close();
    for (const { value } of this.#channels.values()) value.close();
    this.#documents.clear();
    this.#channels.clear();
    this.#socket.destroy();
  }
}

function lease<T extends { close: () => void }>(
  pool: Map<string, Shared<T>>,
  key: string,
  open: () => T,
): Lease<T> {
  const shared = pool.get(key) ?? { value: open(), users: 0 };
  pool.set(key, shared);
  shared.users += 1;
  let held = true;
  const release = (): void => {
    if (!held) return;
    held = false;
    shared.users -= 1;
    if (shared.users > 0 || pool.get(key) !== shared) return;
    pool.delete(key);
    shared.value.close();
  };
  return { value: shared.value, release };
}
