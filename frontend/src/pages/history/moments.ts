/** Pure: the moments of a section's history, by day, and the steps from one to the next. */
import type { Moment } from "../../api/revisions";

export interface Day {
  readonly name: string;
  readonly moments: readonly Moment[];
}

/** Each moment under its day, in the report's zone; both stay newest first. */
export function byDay(moments: readonly Moment[], zone: string, language: string): Day[] {
  const days: { name: string; moments: Moment[] }[] = [];
  for (const moment of moments) {
    const name = dayName(moment.ended_at, zone, language);
    const last = days.at(-1);
    if (last?.name === name) last.moments.push(moment);
    else days.push({ name, moments: [moment] });
  }
  return days;
}

export function dayName(at: string, zone: string, language: string): string {
  const shown = { weekday: "long", day: "numeric", month: "long", year: "numeric" } as const;
  return new Intl.DateTimeFormat(language, { ...shown, timeZone: zone }).format(new Date(at));
}

/** A name stands at the time of the text that it names; `began_at` stays when it was given. */
export function placed(moments: readonly Moment[]): Moment[] {
  return moments.map((moment) => {
    if (moment.kind !== "revision") return moment;
    const isNamed = ({ kind, from_seq }: Moment) =>
      kind !== "revision" && from_seq <= moment.to_seq;
    const named = moments.find(isNamed);
    return named ? { ...moment, ended_at: named.ended_at } : moment;
  });
}

/** Whether the name was given on another day than the text was written. */
export function isNamedLater({ kind, began_at, ended_at }: Moment, zone: string): boolean {
  return kind === "revision" && dayName(began_at, zone, "en") !== dayName(ended_at, zone, "en");
}

/** One moment may share its seq with others: a sealed revision and the state it was sealed for. */
export function keyOf(moment: Moment): string {
  return [moment.kind, moment.to_seq, moment.began_at].join(" ");
}

export function namedOnly(moments: readonly Moment[]): Moment[] {
  return moments.filter(({ kind }) => kind === "revision");
}

/** What the moment changed; a named revision: everything since the one before it. */
export function spanOf(moments: readonly Moment[], moment: Moment): { from: number; to: number } {
  const to = moment.to_seq;
  if (moment.kind !== "revision") return { from: moment.from_seq - 1, to };
  const older = namedOnly(moments).find((other) => other.to_seq < to);
  return { from: older?.to_seq ?? 0, to };
}

/** The nearest moment in the list with another text, that way (1: newer); null at the end. */
export function stepFrom(moments: readonly Moment[], seq: number, way: 1 | -1): Moment | null {
  if (way < 0) return moments.find(({ to_seq }) => to_seq < seq) ?? null;
  const newer = moments.filter(({ to_seq }) => to_seq > seq);
  const next = newer.at(-1)?.to_seq;
  return newer.find(({ to_seq }) => to_seq === next) ?? null;
}

/** The moments that one can compare from or to, each seq once: a name goes before what was done. */
export function stopsOf(moments: readonly Moment[]): Moment[] {
  const stops = new Map<number, Moment>();
  for (const moment of moments) {
    const known = stops.get(moment.to_seq);
    if (!known || (known.kind !== "revision" && moment.kind === "revision")) {
      stops.set(moment.to_seq, moment);
    }
  }
  return [...stops.values()];
}
