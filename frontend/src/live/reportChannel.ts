/** The report's channel: the latest ReportView and who is present, never an older one again. */
import { HocuspocusProvider, type HocuspocusProviderWebsocket } from "@hocuspocus/provider";
import * as Y from "yjs";
import { Observable } from "./observable";
import { Pace } from "./pace";
import { type Presence, type ReportView, readReportMessage } from "./reportView";
import { type FetchTicket, TicketRefused } from "./ticket";

export type ChannelState = "connecting" | "live" | "offline" | "denied";

export class ReportChannel {
  readonly view = new Observable<ReportView | null>(null);
  readonly presence = new Observable<Presence | null>(null);
  readonly state = new Observable<ChannelState>("connecting");
  readonly #provider: HocuspocusProvider;
  readonly #asking = new Pace();
  #ticketError: unknown = null;
  #closed = false;

  constructor(reportId: string, socket: HocuspocusProviderWebsocket, fetchTicket: FetchTicket) {
    this.#provider = new HocuspocusProvider({
      name: `report:${reportId}`,
      document: new Y.Doc(),
      websocketProvider: socket,
      token: () => this.#takeTicket(fetchTicket),
      onAuthenticated: () => {
        this.#asking.wentWell();
        this.state.set("live");
      },
      onAuthenticationFailed: () => this.#keptOut(),
      onDisconnect: () => {
        if (this.state.get() === "live") this.state.set("offline");
      },
      onClose: ({ event }) => this.#closedByServer(event.code, socket.status),
      onStateless: ({ payload }) => this.receive(payload),
    });
    this.#provider.attach();
  }

  async #takeTicket(fetchTicket: FetchTicket): Promise<string> {
    try {
      const { ticket } = await fetchTicket();
      this.#ticketError = null;
      return ticket;
    } catch (error) {
      this.#ticketError = error;
      throw error;
    }
  }

  /** The server said no for good, or could not be asked: then it is asked again later. */
  #keptOut(): void {
    const error = this.#ticketError;
    if (error === null || error instanceof TicketRefused) this.state.set("denied");
    else this.#asking.again(() => void this.#provider.sendToken());
  }

  /** The server ended this channel alone: the right to it may have ended, which a ticket tells. */
  #closedByServer(code: number, socket: string): void {
    if (this.#closed || code !== 1000 || socket !== "connected") return;
    this.state.set("offline");
    this.#asking.again(() => void this.#provider.sendToken());
  }

  /** Views come over several routes: an older one that arrives late is dropped. */
  receive(payload: string): void {
    const message = readReportMessage(payload);
    if (message?.type === "presence") this.presence.set(message.sections);
    if (message?.type === "view") this.offer(message.view);
  }

  /** Takes a view from elsewhere, such as the page's first request. */
  offer(view: ReportView): void {
    const shown = this.view.get();
    if (shown === null || view.version > shown.version) this.view.set(view);
  }

  close(): void {
    this.#closed = true;
    this.#asking.stop();
    this.#provider.destroy();
  }
}
