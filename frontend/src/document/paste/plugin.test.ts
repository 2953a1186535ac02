// @vitest-environment jsdom
import { TextSelection } from "@tiptap/pm/state";
import type { EditorView } from "@tiptap/pm/view";
import { expect, it } from "vitest";
import * as Y from "yjs";
import { giveTextAPlace } from "../fuzz/page.ts";
import { blocksOf, createEditor, type DocumentEditor } from "../index.ts";

giveTextAPlace();

function edit(lines: readonly string[], locked: readonly string[] = []) {
  const ydoc = new Y.Doc();
  const body = ydoc.getText("body");
  lines.forEach((line, n) => {
    body.insertEmbed(body.length, { b: 1 }, { "b.id": `p${n}`, "b.kind": "para" });
    if (line !== "") body.insert(body.length, line, {});
  });
  const element = document.createElement("div");
  const words = { text: "", footnote: "", unknown: "", placeholder: "" };
  const editor = createEditor({ element, ydoc, words, view: { locked: new Set(locked) } });
  return { ydoc, editor };
}

function select(editor: DocumentEditor, from: number, to = from): void {
  const { state } = editor.editorView;
  editor.editorView.dispatch(state.tr.setSelection(TextSelection.create(state.doc, from, to)));
}

function paste(view: EditorView, kinds: Readonly<Record<string, string>>): void {
  const clipboardData = { getData: (kind: string) => kinds[kind] ?? "" };
  const event = { clipboardData } as unknown as ClipboardEvent;
  view.someProp("handlePaste", (handle) => handle(view, event, undefined as never));
}

function copied(view: EditorView): Record<string, string> {
  const { dom, text } = view.serializeForClipboard(view.state.selection.content());
  return { "text/html": dom.innerHTML, "text/plain": text };
}

const texts = (ydoc: Y.Doc): string[] =>
  blocksOf(ydoc).map(({ kind, text }) => (kind === "para" ? text : `${kind}: ${text}`));

it("puts one pasted block into the line and several around it", () => {
  const { ydoc, editor } = edit(["HelloWorld"]);
  select(editor, 6);
  paste(editor.editorView, { "text/html": "<p>, <b>dear</b> </p>" });
  expect(texts(ydoc)).toEqual(["Hello, dearWorld"]);
  select(editor, 6);
  paste(editor.editorView, { "text/html": "<p>A</p><h2>B</h2><p>C</p>" });
  expect(texts(ydoc)).toEqual(["HelloA", "heading: B", "C, dearWorld"]);
});

it("fills an empty block, and keeps its id", () => {
  const { ydoc, editor } = edit(["", "next"]);
  select(editor, 1);
  paste(editor.editorView, { "text/html": "<h2>Title</h2><p>Text</p>" });
  expect(texts(ydoc)).toEqual(["heading: Title", "Text", "next"]);
  expect(blocksOf(ydoc)[0]?.id).toBe("p0");
});

it("pastes blocks before a locked paragraph from its start", () => {
  const { ydoc, editor } = edit(["Agreed"], ["p0"]);
  select(editor, 1);
  paste(editor.editorView, { "text/plain": "One\nTwo" });
  expect(texts(ydoc)).toEqual(["One", "Two", "Agreed"]);
  expect(blocksOf(ydoc)[2]?.id).toBe("p0");
});

it("links the selection to a pasted address", () => {
  const { ydoc, editor } = edit(["See here"]);
  select(editor, 5, 9);
  paste(editor.editorView, { "text/plain": "https://example.org/x" });
  expect(blocksOf(ydoc)[0]?.runs[1]).toEqual({
    text: "here",
    marks: { link: "https://example.org/x" },
  });
});

it("copies a footnote with its text, into the same and into another section", () => {
  const { ydoc, editor } = edit(["Word"]);
  select(editor, 5);
  editor.run("footnote");
  const id = editor.footnotes()[0]?.id ?? "";
  const note = editor.openFootnote(id, document.createElement("div"));
  note?.editorView.dispatch(note.editorView.state.tr.insertText("Source", 1));
  select(editor, 1, 6);
  const clipboard = copied(editor.editorView);
  select(editor, 6);
  paste(editor.editorView, clipboard);
  expect(texts(ydoc)).toEqual(["WordWord"]);
  expect(editor.footnotes().map(({ text }) => text)).toEqual(["Source", "Source"]);
  expect(editor.footnotes()[1]?.id).not.toBe(id);

  const other = edit(["Other"]);
  select(other.editor, 6);
  paste(other.editor.editorView, clipboard);
  expect(texts(other.ydoc)).toEqual(["OtherWord"]);
  expect(other.editor.footnotes().map(({ text }) => text)).toEqual(["Source"]);
});

it("moves text inside the section with marks that it does not know", () => {
  const { ydoc, editor } = edit(["Comment me", "Here: "]);
  ydoc.getText("body").format(1, 7, { "comment:c1": true });
  select(editor, 1, 8);
  const clipboard = copied(editor.editorView);
  editor.editorView.dispatch(editor.editorView.state.tr.deleteSelection());
  select(editor, editor.editorView.state.doc.content.size - 1);
  paste(editor.editorView, clipboard);
  expect(texts(ydoc)).toEqual([" me", "Here: Comment"]);
  expect(JSON.stringify(ydoc.getText("body").toDelta())).toContain(
    '{"insert":"Comment","attributes":{"comment:c1":true}}',
  );
});

it("brings one line into a footnote, without footnotes of its own", () => {
  const { ydoc, editor } = edit(["Word"]);
  select(editor, 5);
  editor.run("footnote");
  const note = editor.openFootnote(editor.footnotes()[0]?.id ?? "", document.createElement("div"));
  if (note === null) throw new Error("The footnote has no text.");
  paste(note.editorView, { "text/html": "<p>One</p><p><i>two</i></p>" });
  expect(editor.footnotes()[0]?.text).toBe("One two");
  expect(blocksOf(ydoc)).toHaveLength(1);
});
