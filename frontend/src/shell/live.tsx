/** Live texts and the report's channel, as React sees them. */
import {
  createContext,
  type ReactNode,
  useContext,
  useEffect,
  useState,
  useSyncExternalStore,
} from "react";
import { ApiError } from "../api/client";
import { fetchLiveTicket } from "../api/live";
import { LiveConnection } from "../live/connection";
import { DeviceKeep } from "../live/kept";
import type { LiveDocument } from "../live/liveDocument";
import type { Observable } from "../live/observable";
import type { ReportChannel } from "../live/reportChannel";
import { type LiveTicket, TicketRefused } from "../live/ticket";
import { useMember } from "./member";

const Connection = createContext<LiveConnection | null>(null);

function liveUrl(): string {
  const { protocol, host } = window.location;
  return `${protocol === "https:" ? "wss:" : "ws:"}//${host}/live`;
}

/** A refusal by the server is final; everything else is a line that may come back. */
async function ticketFor(reportId: string, sectionId: string | null): Promise<LiveTicket> {
  try {
    return await fetchLiveTicket(reportId, sectionId);
  } catch (error) {
    if (error instanceof ApiError && error.status < 500) throw new TicketRefused(error.message);
    throw error;
  }
}

/** One socket for everything under it, closed when the member leaves. */
export function LiveProvider({ children }: { children: ReactNode }) {
  const me = useMember();
  const [connection, setConnection] = useState<LiveConnection | null>(null);
  useEffect(() => {
    const keepFor = (sectionId: string) => new DeviceKeep(`${me.id}/${sectionId}`);
    const opened = new LiveConnection({ url: liveUrl(), fetchTicket: ticketFor, keepFor });
    setConnection(opened);
    return () => opened.close();
  }, [me.id]);
  return <Connection.Provider value={connection}>{children}</Connection.Provider>;
}

/** The report's channel while the component is shown; null until there is a connection. */
export function useReportChannel(reportId: string): ReportChannel | null {
  const connection = useContext(Connection);
  const [channel, setChannel] = useState<ReportChannel | null>(null);
  useEffect(() => {
    if (!connection) return;
    const lease = connection.openReport(reportId);
    setChannel(lease.value);
    return () => {
      setChannel(null);
      lease.release();
    };
  }, [connection, reportId]);
  return channel;
}

/** The section's live text while the component is shown; null until there is a connection. */
export function useLiveDocument(reportId: string, sectionId: string | null): LiveDocument | null {
  const connection = useContext(Connection);
  const [live, setLive] = useState<LiveDocument | null>(null);
  useEffect(() => {
    if (!connection || sectionId === null) return;
    const lease = connection.openSection(reportId, sectionId);
    setLive(lease.value);
    return () => {
      setLive(null);
      lease.release();
    };
  }, [connection, reportId, sectionId]);
  return live;
}

const never = () => () => undefined;

/**
 * The value now, and again whenever it changes; `absent` while there is nothing to watch: a constant,
 * for a new object in each render would look like a change each time.
 */
export function useObservable<T>(observable: Observable<T> | null | undefined, absent: T): T {
  return useSyncExternalStore(observable?.subscribe ?? never, observable?.get ?? (() => absent));
}
