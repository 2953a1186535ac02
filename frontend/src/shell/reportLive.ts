/** The report's channel for a page: the latest view, who is present, and the desk kept fresh. */
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";
import type { ChannelState } from "../live/reportChannel";
import type { Presence, ReportView } from "../live/reportView";
import { useObservable, useReportChannel } from "./live";
import { keys } from "./queries";

export interface ReportLive {
  view: ReportView | null;
  /** Null until the channel has said who is here. */
  presence: Presence | null;
  state: ChannelState;
}

/** While somebody types every view is a new one: the desk is asked for at most this often. */
const RENEW_MS = 1500;

export function useReportLive(reportId: string): ReportLive {
  const channel = useReportChannel(reportId);
  const view = useObservable(channel?.view, null);
  const presence = useObservable(channel?.presence, null);
  const state = useObservable(channel?.state, "connecting");
  const client = useQueryClient();
  const version = view?.version;
  useEffect(() => {
    if (version === undefined) return;
    const timer = setTimeout(() => {
      void client.invalidateQueries({ queryKey: keys.desk(reportId) });
    }, RENEW_MS);
    return () => clearTimeout(timer);
  }, [client, reportId, version]);
  return { view, presence, state };
}
