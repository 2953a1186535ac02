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
export const SIMPLE_MARKS = ["em", "link", "strong"] as const;
export type SimpleMark = (typeof SIMPLE_MARKS)[number];
export const KEYED_PREFIXES = ["ins:", "del:", "bracket:", "comment:"] as const;
export const MARKER_PREFIXES = ["ins:", "del:"] as const;

export const BLOCK_KINDS = ["para", "subpara", "heading", "plain"] as const;
export type BlockKind = (typeof BLOCK_KINDS)[number];
export const DEFAULT_KIND: BlockKind = "para";
export const LEVELS: Readonly<Record<BlockKind, readonly number[]>> = {
  para: [],
  subpara: [1, 2],
  heading: [1, 2, 3],
  plain: [],
};

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

export function isKeyed(key: string): boolean {
  return KEYED_PREFIXES.some((prefix) => key.startsWith(prefix));
}

/** Whether a marker shows this key: block attributes and suggestions, not the marks of text. */
export function isShownOnMarker(key: string): boolean {
  return isBlockKey(key) || MARKER_PREFIXES.some((prefix) => key.startsWith(prefix));
}

/** Whether a mark or attribute of this value shows; a removed or misshapen one reads as absent. */
export function isInEffect(key: string, value: Json | undefined): value is Json {
  if (key === "strong" || key === "em") return value === true;
  if (key === "link") return typeof value === "string" && value !== "";
  return value !== undefined && value !== null && value !== false;
}

/** What a stored kind stands for: itself if it is known, else a numbered paragraph. */
export function readKind(value: Json | undefined): BlockKind {
  return BLOCK_KINDS.find((kind) => kind === value) ?? DEFAULT_KIND;
}

/** What a stored level stands for under a kind. */
export function readLevel(kind: BlockKind, value: Json | undefined): number {
  const isKnown = LEVELS[kind].some((level) => level === value);
  return isKnown ? Number(value) : defaultLevel(kind);
}

export function readDirection(value: Json | undefined): string {
  return value === "ltr" || value === "rtl" ? value : "";
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
