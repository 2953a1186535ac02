/** Pure: a moment as the clock on the wall shows it, in the report's zone. */

/** "14:05" in the zone; in the device's own if the zone is not known here. */
export function clockFace(atMs: number, zone: string, language: string): string {
  const face = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  try {
    return new Intl.DateTimeFormat(language, { ...face, timeZone: zone }).format(atMs);
  } catch {
    return new Intl.DateTimeFormat(language, face).format(atMs);
  }
}

/** The zone's short name, such as "GMT+1". */
export function zoneName(atMs: number, zone: string, language: string): string {
  try {
    const parts = new Intl.DateTimeFormat(language, {
      timeZone: zone,
      timeZoneName: "short",
    }).formatToParts(atMs);
    return parts.find((part) => part.type === "timeZoneName")?.value ?? "";
  } catch {
    return "";
  }
}
