/** A hall screen's state and the passing of time, as React sees them. */
import { useEffect, useState, useSyncExternalStore } from "react";
import { HallSocket, screenAddress } from "./hallSocket";
import { type HallState, UNHEARD } from "./hallState";

const nothing = () => () => undefined;

/** What the screen with this token shows, while the component is on the page. */
export function useHall(token: string | null): HallState {
  const [socket, setSocket] = useState<HallSocket | null>(null);
  useEffect(() => {
    if (token === null) return;
    const opened = new HallSocket(screenAddress(token));
    setSocket(opened);
    return () => {
      setSocket(null);
      opened.close();
    };
  }, [token]);
  return useSyncExternalStore(socket?.subscribe ?? nothing, socket?.state ?? (() => UNHEARD));
}

/** This device's clock in ms, read anew each second. */
export function useNow(): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}
