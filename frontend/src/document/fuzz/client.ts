/** One simulated person: a document, its editors, and a mailbox for each of the others. */

import * as Y from "yjs";
import { showsText } from "../binding/resync.ts";
import { TextSession } from "../binding/session.ts";
import { BODY, NOTES } from "../model/keys.ts";
import { project } from "../model/project.ts";
import { HeadlessView } from "./headlessView.ts";

/** Where an update comes from when it did not begin here. */
const WIRE = { wire: true };

/** Makes the view that a session is shown in; a page's EditorView where there is one. */
export type OpenView = (state: HeadlessView["state"]) => HeadlessView;

export const headless: OpenView = (state) => new HeadlessView(state);

export class FuzzClient {
  readonly doc: Y.Doc;
  readonly session: TextSession;
  readonly view: HeadlessView;
  readonly notes = new Map<string, HeadlessView>();
  readonly inboxes = new Map<number, Uint8Array[]>();
  /** Turns for which nothing is sent or received. */
  offline = 0;
  readonly #open: OpenView;

  constructor(number: number, initial: Uint8Array, open: OpenView) {
    this.#open = open;
    this.doc = new Y.Doc();
    this.doc.clientID = number + 1;
    Y.applyUpdate(this.doc, initial, WIRE);
    let ids = 0;
    const nextId = (prefix: string) => () => {
      ids += 1;
      return `${prefix}${number}-${ids}`;
    };
    this.session = new TextSession(this.doc, {
      captureTimeout: 0,
      newIds: { block: nextId("p"), note: nextId("n") },
    });
    this.view = open(this.session.initialState());
    this.session.binding.load();
    this.session.undo.attach(this.view);
  }

  /** Every update that begins here goes to everyone, also those that Yjs makes to clean up. */
  connect(others: readonly FuzzClient[]): void {
    for (const other of others) if (other !== this) this.inboxes.set(other.doc.clientID, []);
    this.doc.on("update", (update: Uint8Array, origin: unknown) => {
      if (origin === WIRE) return;
      for (const other of others) {
        if (other !== this) other.inboxes.get(this.doc.clientID)?.push(update);
      }
    });
  }

  /** Take the oldest update of one sender; false if that sender has sent nothing. */
  receive(sender: number): boolean {
    const update = this.inboxes.get(sender)?.shift();
    if (update === undefined) return false;
    Y.applyUpdate(this.doc, update, WIRE);
    return true;
  }

  waiting(): number[] {
    return [...this.inboxes].filter(([, box]) => box.length > 0).map(([sender]) => sender);
  }

  noteIds(): string[] {
    return [...this.session.notes.keys()].sort();
  }

  noteView(id: string): HeadlessView | null {
    const known = this.notes.get(id);
    if (known !== undefined) return known;
    const note = this.session.noteState(id, () => true);
    if (note === null) return null;
    const view = this.#open(note.state);
    note.binding.load();
    this.notes.set(id, view);
    return view;
  }

  closeNotes(): void {
    for (const view of this.notes.values()) view.destroy();
    this.notes.clear();
  }

  /** What is wrong with the screens of this client, if anything. */
  fault(): string | null {
    if (!showsText(this.view.state.doc, this.session.body, "section")) {
      return `client ${this.doc.clientID} shows ${this.view.state.doc} for ${project(this.session.body)}`;
    }
    for (const [id, view] of this.notes) {
      const text = this.session.notes.get(id);
      if (text === undefined || !showsText(view.state.doc, text, "note")) {
        return `client ${this.doc.clientID} shows footnote ${id} as ${view.state.doc}`;
      }
    }
    return null;
  }

  /** Every visible character of body and footnotes, each with how often it is there. */
  characters(): Map<string, number> {
    const counts = new Map<string, number>();
    const texts = [this.doc.getText(BODY), ...this.doc.getMap<Y.Text>(NOTES).values()];
    for (const text of texts) {
      for (const character of text.toString()) {
        counts.set(character, (counts.get(character) ?? 0) + 1);
      }
    }
    return counts;
  }

  /** The identity of each character of the body in the shared text: it changes when it is rewritten. */
  identities(): Map<string, string> {
    const found = new Map<string, string>();
    for (let item = this.session.body._start; item !== null; item = item.right) {
      if (item.deleted || !(item.content instanceof Y.ContentString)) continue;
      let clock = item.id.clock;
      for (const character of item.content.str) {
        found.set(character, `${item.id.client} ${clock}`);
        clock += character.length;
      }
    }
    return found;
  }

  /** `character key` of every character that a mark covers on this screen. */
  markedCharacters(): Set<string> {
    const marked = new Set<string>();
    this.view.state.doc.descendants((node) => {
      if (!node.isText) return;
      for (const mark of node.marks) {
        const key = mark.type.name === "kept" ? String(mark.attrs.key) : mark.type.name;
        for (const character of node.text ?? "") marked.add(`${character} ${key}`);
      }
    });
    return marked;
  }

  destroy(): void {
    this.closeNotes();
    this.view.destroy();
    this.session.destroy();
    this.doc.destroy();
  }
}
