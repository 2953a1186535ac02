/** Finds the footnotes in foreign HTML: an anchor that leads to a text that leads back to it. */

/** An anchor in the text, and the element that holds the note's text. */
export interface FoundNote {
  readonly anchor: Element;
  readonly body: Element;
}

/**
 * The footnotes of a document, by the anchors that call them. The bodies are taken out of the
 * document, with their numbers, so that they are not pasted as paragraphs.
 * Word, LibreOffice, Google Docs and pandoc all link both ways.
 */
export function takeNotes(root: Document): FoundNote[] {
  const found: FoundNote[] = [];
  for (const anchor of root.querySelectorAll('a[href*="#"]')) {
    const body = noteBody(root, anchor);
    if (body !== null) found.push({ anchor, body });
  }
  for (const { body } of found) body.remove();
  removeEmptyLists(root);
  return found;
}

function noteBody(root: Document, anchor: Element): Element | null {
  const target = targetOf(root, anchor);
  if (target === null || !follows(anchor, target)) return null;
  const body = target.closest("div[id], li[id], p[id]") ?? target.closest("p, li, div");
  if (body === null || body.contains(anchor)) return null;
  const back = backLink(root, body, anchor);
  if (back === null) return null;
  (back.closest("sup") ?? back).remove();
  return body;
}

function backLink(root: Document, body: Element, anchor: Element): Element | null {
  for (const link of body.querySelectorAll('a[href*="#"]')) {
    const place = targetOf(root, link);
    if (place !== null && (place === anchor || place.contains(anchor) || anchor.contains(place))) {
      return link;
    }
  }
  return null;
}

function targetOf(root: Document, anchor: Element): Element | null {
  const name = decode((anchor.getAttribute("href") ?? "").split("#")[1] ?? "");
  if (name === "") return null;
  return root.getElementById(name) ?? root.getElementsByName(name)[0] ?? null;
}

function decode(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

function follows(a: Element, b: Element): boolean {
  return (a.compareDocumentPosition(b) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
}

/** Word's container for its notes holds a rule and nothing else once they are taken. */
function removeEmptyLists(root: Document): void {
  for (const list of root.querySelectorAll("div")) {
    const isList = /mso-element: ?footnote-list/.test(list.getAttribute("style") ?? "");
    if (isList && (list.textContent ?? "").trim() === "") list.remove();
  }
}
