/** Pure: what the keys of a hall screen do, and what it remembers on this device. */

import { SMALLEST } from "../../hall/sight";

export interface ScreenSettings {
  /** Height of the letters in hundredths of the screen's height. */
  readonly size: number;
}

export const LARGEST = 9;
export const DEFAULT: ScreenSettings = { size: 4.5 };
const STEP = 0.5;

export type ScreenAct = "larger" | "smaller" | "full_screen" | "dark_light";

const KEYS: Readonly<Record<string, ScreenAct>> = {
  "+": "larger",
  "=": "larger",
  "-": "smaller",
  "−": "smaller",
  f: "full_screen",
  d: "dark_light",
};

interface Pressed {
  readonly key: string;
  readonly ctrlKey: boolean;
  readonly metaKey: boolean;
  readonly altKey: boolean;
}

/** What the key asks for; keys of the browser itself ask for nothing here. */
export function actOf({ key, ctrlKey, metaKey, altKey }: Pressed): ScreenAct | null {
  if (ctrlKey || metaKey || altKey) return null;
  return KEYS[key.toLowerCase()] ?? null;
}

/** One step larger or smaller, never out of what can be read. */
export function resized({ size }: ScreenSettings, act: "larger" | "smaller"): ScreenSettings {
  const wished = size + (act === "larger" ? STEP : -STEP);
  return { size: Math.min(LARGEST, Math.max(SMALLEST, wished)) };
}

/** The settings that were kept; the default for anything that is none. */
export function readSettings(stored: string | null): ScreenSettings {
  const size = stored === null ? Number.NaN : Number(stored);
  return size >= SMALLEST && size <= LARGEST ? { size } : DEFAULT;
}
