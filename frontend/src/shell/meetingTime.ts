/** The meeting's time between two views: it goes on by itself while the meeting sits. */
import { useEffect, useState } from "react";
import type { ChannelState } from "../live/reportChannel";
import type { MeetingView } from "../live/reportView";

/** Pure: seconds used by `now`, if the view that said so came at `heardAt` (both in ms). */
export function secondsUsed(meeting: MeetingView, heardAt: number, now: number): number {
  if (meeting.state !== "open") return meeting.used_s;
  return meeting.used_s + Math.max(0, Math.floor((now - heardAt) / 1000));
}

export function useSecondsUsed(meeting: MeetingView | null): number {
  const [heard, setHeard] = useState({ meeting, at: Date.now() });
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  if (heard.meeting !== meeting) setHeard({ meeting, at: Date.now() });
  return meeting ? secondsUsed(meeting, heard.at, Math.max(now, heard.at)) : 0;
}

/** Since when (ms) the report's channel has been silent; null while it is live. */
export function useNotLiveSince(state: ChannelState): number | null {
  const [since, setSince] = useState<number | null>(null);
  useEffect(() => {
    if (state === "live") setSince(null);
    if (state === "offline") setSince((before) => before ?? Date.now());
  }, [state]);
  return since;
}
