/** One section's text as one person edits it: body, footnotes and their common undo. */

import { EditorState, type Plugin } from "@tiptap/pm/state";
import * as Y from "yjs";
import { noteShapePlugin } from "../guards/noteShape.ts";
import { surrogatesPlugin } from "../guards/surrogates.ts";
import { type Attrs, BODY, isInEffect, isSimple, type Json, NOTES, stable } from "../model/keys.ts";
import { schema } from "../model/schema.ts";
import { piecesOf } from "../model/units.ts";
import { Binding } from "./binding.ts";
import { idsPlugin, type NewIds, newBlockId, newNoteId } from "./ids.ts";
import type { Token } from "./tokens.ts";
import { Undo, type UndoOptions } from "./undo.ts";

/** A stretch of a footnote's text with its simple marks; "\n" alone is a line break. */
export interface NotePiece {
  readonly text: string;
  readonly attrs: Attrs;
}

export interface SessionOptions {
  readonly newIds?: { readonly block: () => string; readonly note: () => string };
  readonly captureTimeout?: number;
  readonly blockedBy?: UndoOptions["blockedBy"];
  readonly onBlocked?: UndoOptions["onBlocked"];
}

export class TextSession {
  readonly body: Y.Text;
  readonly notes: Y.Map<Y.Text>;
  readonly binding: Binding;
  readonly undo: Undo;
  readonly ids: NewIds;
  /** Origin of all that is written here. */
  readonly #origin = { local: true };
  /** Texts of footnotes whose references are about to be written. */
  readonly #pending = new Map<string, readonly NotePiece[]>();

  constructor(ydoc: Y.Doc, options: SessionOptions = {}) {
    this.body = ydoc.getText(BODY);
    this.notes = ydoc.getMap<Y.Text>(NOTES);
    this.ids = {
      block: options.newIds?.block ?? newBlockId,
      note: options.newIds?.note ?? newNoteId,
      noteCopied: (from, to) => this.beginNote(to, this.notePieces(from)),
    };
    this.undo = new Undo({
      text: this.body,
      notes: this.notes,
      origin: this.#origin,
      blockedBy: options.blockedBy ?? (() => null),
      onBlocked: options.onBlocked ?? (() => undefined),
      captureTimeout: options.captureTimeout ?? 500,
    });
    this.binding = new Binding({
      text: this.body,
      shape: "section",
      origin: this.#origin,
      onInsert: (token) => this.#createNote(token),
      onBeforeWrite: (before) => this.undo.noteBefore(before),
    });
  }

  /** Plugins that the body's editor needs; others may come before and after them. */
  plugins(): Plugin[] {
    return [idsPlugin(this.ids), surrogatesPlugin(), this.binding.plugin()];
  }

  initialState(more: readonly Plugin[] = []): EditorState {
    return EditorState.create({ schema, plugins: [...more, ...this.plugins()] });
  }

  /** A state and a binding for one footnote's text, or null if there is no such text. */
  noteState(
    id: string,
    mayEdit: () => boolean,
    more: readonly Plugin[] = [],
  ): { state: EditorState; binding: Binding } | null {
    const text = this.notes.get(id);
    if (!(text instanceof Y.Text)) return null;
    const binding = new Binding({ text, shape: "note", origin: this.#origin });
    const isCurrent = (): boolean => mayEdit() && this.notes.get(id) === text;
    const plugins = [...more, noteShapePlugin(isCurrent), surrogatesPlugin(), binding.plugin()];
    const doc = schema.node("doc", null, [schema.node("block", { implicit: true })]);
    return { state: EditorState.create({ doc, plugins }), binding };
  }

  /** The footnote `id` will begin with this text when its reference is written. */
  beginNote(id: string, pieces: readonly NotePiece[]): void {
    this.#pending.set(id, pieces);
  }

  notePieces(id: string): readonly NotePiece[] {
    const text = this.notes.get(id);
    if (!(text instanceof Y.Text)) return this.#pending.get(id) ?? [];
    return piecesOf(text).flatMap(({ insert, attrs }) => {
      const piece = isLineBreak(insert) ? "\n" : insert;
      return typeof piece === "string" ? [{ text: piece, attrs: simpleOf(attrs) }] : [];
    });
  }

  destroy(): void {
    this.undo.destroy();
  }

  #createNote(token: Token): void {
    const id = token.embed?.fn;
    if (typeof id !== "string" || this.notes.has(id)) return;
    const text = new Y.Text();
    this.notes.set(id, text);
    for (const { text: piece, attrs } of this.#pending.get(id) ?? []) {
      if (piece === "\n") text.insertEmbed(text.length, { br: 1 }, { ...attrs });
      else text.insert(text.length, piece, { ...attrs });
    }
  }
}

function isLineBreak(insert: Json): boolean {
  return typeof insert === "object" && stable(insert) === '{"br":1}';
}

function simpleOf(attrs: Attrs): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(attrs).filter(([key, value]) => isSimple(key) && isInEffect(key, value)),
  );
}
