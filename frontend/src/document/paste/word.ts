/** What word processors write into the clipboard beside HTML: list labels, styles, revisions. */

import type { BlockKind } from "../model/keys.ts";

export interface BlockShape {
  readonly kind: BlockKind;
  readonly level: number;
}

export const PARAGRAPH: BlockShape = { kind: "para", level: 0 };

/** `style` as written: a browser's own reading drops every `mso-` property. */
export function styleOf(element: Element): string {
  return (element.getAttribute("style") ?? "").toLowerCase().replace(/\s+/g, " ");
}

/** Text that the reader of the source did not see, or that numbering writes anew. */
export function isHidden(element: Element): boolean {
  const style = styleOf(element);
  return (
    /mso-list: ?ignore|display: ?none|visibility: ?hidden|mso-hide: ?all/.test(style) ||
    element.localName === "del" ||
    element.getAttribute("aria-hidden") === "true" ||
    element.hasAttribute("hidden")
  );
}

/** What Word's style and list label say of a paragraph; null if they say nothing. */
export function wordShape(element: Element): BlockShape | null {
  const name = element.className;
  if (/^MsoTitle$/i.test(name)) return { kind: "heading", level: 1 };
  const list = /mso-list: ?l\d+ level(\d+)/.exec(styleOf(element));
  if (list === null) return null;
  return listShape(listLabel(element), Number(list[1]));
}

function listLabel(element: Element): string {
  for (const span of element.querySelectorAll("span")) {
    if (/mso-list: ?ignore/.test(styleOf(span))) return (span.textContent ?? "").trim();
  }
  return "";
}

/** "12." numbers a paragraph; "(a)" and bullets begin sub-paragraphs, "(i)" inside them. */
function listShape(label: string, level: number): BlockShape {
  if (/^\d+\.?$/.test(label) && level === 1) return PARAGRAPH;
  const isDeep = level > 2 || (level === 2 && !/^\(?[a-h]\)/.test(label));
  return { kind: "subpara", level: isDeep ? 2 : 1 };
}
