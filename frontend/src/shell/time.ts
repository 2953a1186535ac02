/** Moments as people say them, in the language of the interface. */
import i18next from "i18next";

const STEPS: [unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  ["day", 86_400],
  ["hour", 3_600],
  ["minute", 60],
];

/** "5 minutes ago" up to a week, then the date; under a minute in words. */
export function ago(at: string, now: number = Date.now()): string {
  const seconds = (new Date(at).getTime() - now) / 1000;
  if (Math.abs(seconds) < 60) return i18next.t("time.just_now");
  if (Math.abs(seconds) > 7 * 86_400) return dateOf(at);
  const [unit, size] = STEPS.find(([, step]) => Math.abs(seconds) >= step) ?? ["minute", 60];
  return new Intl.RelativeTimeFormat(i18next.language, { numeric: "auto" }).format(
    Math.round(seconds / size),
    unit,
  );
}

/** Date and time in the zone of the report, or of this device. */
export function momentOf(at: string, zone?: string): string {
  return new Intl.DateTimeFormat(i18next.language, {
    dateStyle: "medium",
    timeStyle: "short",
    ...(zone ? { timeZone: zone } : {}),
  }).format(new Date(at));
}

/** The day, in this device's zone. */
export function dateOf(at: string): string {
  return new Intl.DateTimeFormat(i18next.language, { dateStyle: "medium" }).format(new Date(at));
}
