/** Pure: how far the meeting has come in words and in time. */
import type { GaugeFacts } from "./picture";

export interface Share {
  /** Whole percent as it is said; it says 100 only when all is done. */
  readonly percent: number;
  /** Length of the bar, 0 to 1. */
  readonly filled: number;
}

/** What part of all; nothing of nothing is nothing. Never below zero. */
export function share(part: number, all: number): Share {
  if (all <= 0 || part <= 0) return { percent: 0, filled: 0 };
  const exact = part / all;
  const rounded = Math.round(exact * 100);
  const percent = exact < 1 ? Math.min(rounded, 99) : rounded;
  return { percent, filled: Math.min(exact, 1) };
}

export interface GaugeReading {
  readonly words: Share;
  readonly time: Share;
  /** Minutes beyond what was planned; 0 while there is time. */
  readonly overMinutes: number;
  readonly usedMinutes: number;
  readonly plannedMinutes: number;
}

export function readGauge(facts: GaugeFacts, usedS: number): GaugeReading {
  const over = usedS - facts.time_planned_s;
  return {
    words: share(facts.words_agreed, facts.words),
    time: share(usedS, facts.time_planned_s),
    overMinutes: facts.time_planned_s > 0 && over > 0 ? Math.ceil(over / 60) : 0,
    usedMinutes: Math.floor(usedS / 60),
    plannedMinutes: Math.round(facts.time_planned_s / 60),
  };
}

/** "3:05": hours and minutes as on a clock. */
export function asHours(minutes: number): string {
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, "0")}`;
}
