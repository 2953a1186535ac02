/** Names of everything stored in a section's text; contracts/document.json says the same. */

export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };
export type Attrs = Readonly<Record<string, Json>>;

export const BODY = "body";
export const NOTES = "notes";

export const MARKER = "b";
export const FOOTNOTE = "fn";
export const LINE_BREAK = "br";

export const BLOCK_PREFIX = "b.";
export const BLOCK_ID = "b.id";
export const BLOCK_KIND = "b.kind";
export const BLOCK_LEVEL = "b.level";
export const BLOCK_DIR = "b.dir";
const KNOWN_BLOCK_KEYS: ReadonlySet<string> = new Set([
  BLOCK_ID,
  BLOCK_KIND,
  BLOCK_LEVEL,
  BLOCK_DIR,
]);

export const SIMPLE_MARKS = ["em", "link", "strong"] as const;
export type SimpleMark = (typeof SIMPLE_MARKS)[number];
export const KEYED_PREFIXES = ["ins:", "del:", "bracket:", "comment:"] as const;
export const MARKER_PREFIXES = ["ins:", "del:"] as const;

export const BLOCK_KINDS = ["para", "subpara", "heading", "plain"] as const;
export type BlockKind = (typeof BLOCK_KINDS)[number];
export const DEFAULT_KIND: BlockKind = "para";
export const DEEPEST: Readonly<Record<string, number>> = { subpara: 2, heading: 3 };

/** The level of a block that says none. */
export function defaultLevel(kind: string): number {
  return kind === "heading" || kind === "subpara" ? 1 : 0;
}

export function isSimple(key: string): key is SimpleMark {
  return (SIMPLE_MARKS as readonly string[]).includes(key);
}

export function isBlockKey(key: string): boolean {
  return key.startsWith(BLOCK_PREFIX);
}

export function isKnownBlockKey(key: string): boolean {
  return KNOWN_BLOCK_KEYS.has(key);
}

export function isKeyed(key: string): boolean {
  return KEYED_PREFIXES.some((prefix) => key.startsWith(prefix));
}

/** Whether a marker shows this key: block attributes and suggestions, not the marks of text. */
export function isShownOnMarker(key: string): boolean {
  return isBlockKey(key) || MARKER_PREFIXES.some((prefix) => key.startsWith(prefix));
}

/** A removed value reads as an absent one. */
export function isSet(value: Json | undefined): value is Json {
  return Boolean(value);
}

/** The same JSON text for equal values, whatever the order of their keys. */
export function stable(value: Json | undefined): string {
  if (Array.isArray(value)) return `[${value.map(stable).join(",")}]`;
  if (value !== null && typeof value === "object") {
    const pairs = Object.keys(value)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${stable(value[key])}`);
    return `{${pairs.join(",")}}`;
  }
  return JSON.stringify(value ?? null);
}

export function sameJson(a: Json | undefined, b: Json | undefined): boolean {
  return a === b || stable(a) === stable(b);
}
