// @vitest-environment jsdom
import { TextSelection } from "@tiptap/pm/state";
import { afterEach, expect, it, vi } from "vitest";
import { Awareness } from "y-protocols/awareness";
import * as Y from "yjs";
import { giveTextAPlace } from "./fuzz/page.ts";
import { blocksOf, createEditor, type DocumentEditor, type EditorOptions } from "./index.ts";

giveTextAPlace();

const words = { text: "Text", footnote: "Footnote {number}", unknown: "?", placeholder: "Write" };
const open: DocumentEditor[] = [];

function textOf(lines: readonly string[]): Y.Doc {
  const ydoc = new Y.Doc();
  const body = ydoc.getText("body");
  lines.forEach((line, n) => {
    body.insertEmbed(body.length, { b: 1 }, { "b.id": `p${n}`, "b.kind": "para" });
    if (line !== "") body.insert(body.length, line, {});
  });
  return ydoc;
}

function edit(ydoc: Y.Doc, more: Partial<EditorOptions> = {}): DocumentEditor {
  const element = document.body.appendChild(document.createElement("div"));
  const editor = createEditor({ element, ydoc, words, ...more });
  open.push(editor);
  return editor;
}

function press(editor: DocumentEditor, key: string, keys: Partial<KeyboardEventInit> = {}): void {
  const event = new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...keys });
  editor.editorView.someProp("handleKeyDown", (handle) => handle(editor.editorView, event));
}

function put(editor: DocumentEditor, blockId: string, offset = 0): void {
  editor.goTo(blockId);
  const { state } = editor.editorView;
  const at = state.selection.from + offset;
  editor.editorView.dispatch(state.tr.setSelection(TextSelection.create(state.doc, at)));
}

const read = (ydoc: Y.Doc): string[] =>
  blocksOf(ydoc).map(({ kind, level, text }) => `${kind}${level || ""}: ${text}`);

afterEach(() => {
  for (const editor of open.splice(0)) editor.destroy();
  document.body.innerHTML = "";
});

it("shows the text with numbers, statuses and brackets, and what is on the floor", () => {
  const editor = edit(textOf(["One", "Two"]), {
    view: {
      startNumber: 12,
      statuses: { p1: { status: "bracketed", word: "Bracketed", symbol: "[ ]" } },
      floor: { blockId: "p0", word: "On the floor", symbol: "▶" },
    },
  });
  const [one, two] = editor.editorView.dom.children;
  expect(one?.getAttribute("data-label")).toBe("12");
  expect(one?.getAttribute("data-floor")).toBe("▶ On the floor");
  expect(two?.className).toContain("status-bracketed");
  expect(two?.textContent).toBe("[Two]");
  editor.setView({ startNumber: 20, statuses: {}, floor: null });
  expect(editor.editorView.dom.children[1]?.getAttribute("data-label")).toBe("21");
  expect(editor.editorView.dom.children[1]?.textContent).toBe("Two");
});

it("turns brackets round in a text from right to left", () => {
  const editor = edit(textOf(["ينبغي"]), {
    view: { statuses: { p0: { status: "bracketed", word: "", symbol: "" } } },
  });
  expect(editor.editorView.dom.querySelector("bdi")?.dir).toBe("rtl");
});

it("splits at Enter, puts a block before at the start, and keeps the id with the text", () => {
  const ydoc = textOf(["HelloWorld"]);
  const editor = edit(ydoc);
  put(editor, "p0", 5);
  press(editor, "Enter");
  expect(read(ydoc)).toEqual(["para: Hello", "para: World"]);
  put(editor, "p0", 0);
  press(editor, "Enter");
  expect(read(ydoc)).toEqual(["para: ", "para: Hello", "para: World"]);
  expect(blocksOf(ydoc)[1]?.id).toBe("p0");
});

it("lets Enter through around a locked paragraph, and says no inside it", async () => {
  const ydoc = textOf(["Agreed", "Open"]);
  const onRefused = vi.fn();
  const editor = edit(ydoc, { view: { locked: new Set(["p0"]) }, onRefused });
  put(editor, "p0", 0);
  press(editor, "Enter");
  put(editor, "p0", 6);
  press(editor, "Enter");
  put(editor, "p0", 3);
  press(editor, "Enter");
  await Promise.resolve();
  expect(read(ydoc)).toEqual(["para: ", "para: Agreed", "para: ", "para: Open"]);
  expect(onRefused.mock.calls).toEqual([["p0"]]);
  expect(editor.state().locked).toBe(true);
});

it("leaves the cursor where a refused change was tried", () => {
  const editor = edit(textOf(["Open", "Agreed"]), { view: { locked: new Set(["p1"]) } });
  put(editor, "p0", 0);
  editor.editorView.dispatch(editor.editorView.state.tr.insertText("x", 9));
  expect(editor.editorView.state.selection.head).toBe(1);
  const { tr } = editor.editorView.state;
  put(editor, "p0", 0);
  const typed = tr.insertText("x", 9);
  typed.setSelection(TextSelection.create(typed.doc, 10));
  editor.editorView.dispatch(typed);
  expect(editor.editorView.state.selection.head).toBe(9);
});

it("goes from heading to paragraph at Enter, and steps back from an empty sub-paragraph", () => {
  const ydoc = textOf(["Title", "Chapeau"]);
  const editor = edit(ydoc);
  put(editor, "p0", 5);
  press(editor, "1", { ctrlKey: true, altKey: true });
  press(editor, "Enter");
  put(editor, "p1", 7);
  press(editor, "Enter");
  press(editor, "Tab");
  expect(read(ydoc)).toEqual(["heading1: Title", "para: ", "para: Chapeau", "subpara1: "]);
  press(editor, "Tab");
  expect(read(ydoc)[3]).toBe("subpara2: ");
  press(editor, "Enter");
  press(editor, "Backspace");
  expect(read(ydoc)[3]).toBe("para: ");
  press(editor, "Backspace");
  expect(read(ydoc)).toEqual(["heading1: Title", "para: ", "para: Chapeau"]);
});

it("removes an empty block before instead of losing the kind of this one", () => {
  const ydoc = textOf(["", "Title"]);
  const editor = edit(ydoc);
  put(editor, "p1", 0);
  editor.run("heading2");
  press(editor, "Backspace");
  expect(read(ydoc)).toEqual(["heading2: Title"]);
  expect(blocksOf(ydoc)[0]?.id).toBe("p1");
});

it("leaves the text at Tab after Escape", () => {
  const ydoc = textOf(["One"]);
  const editor = edit(ydoc);
  put(editor, "p0", 0);
  press(editor, "Escape");
  press(editor, "Tab");
  expect(read(ydoc)).toEqual(["para: One"]);
});

it("writes a footnote that is part of the paragraph, and undoes it with the text", () => {
  const ydoc = textOf(["See there."]);
  const onFootnote = vi.fn();
  const editor = edit(ydoc, { onFootnote });
  put(editor, "p0", 3);
  editor.run("footnote");
  const id = editor.footnotes()[0]?.id ?? "";
  expect(onFootnote).toHaveBeenCalledWith(editor.footnotes()[0]);
  const note = editor.openFootnote(id, document.body.appendChild(document.createElement("div")));
  note?.editorView.dispatch(note.editorView.state.tr.insertText("The book.", 1));
  expect(blocksOf(ydoc)[0]?.runs[1]).toEqual({
    fn: 1,
    noteId: id,
    note: [{ text: "The book.", marks: {} }],
  });
  expect(editor.footnotes()).toEqual([
    { id, number: 1, blockId: "p0", text: "The book.", locked: false },
  ]);
  editor.setView({ locked: new Set(["p0"]) });
  note?.editorView.dispatch(note.editorView.state.tr.insertText("x", 1));
  expect(editor.footnotes()[0]?.text).toBe("The book.");
});

it("tells a page's buttons what is under the cursor, and the same object while nothing changes", () => {
  const editor = edit(textOf(["One two"]));
  const listener = vi.fn();
  editor.subscribe(listener);
  put(editor, "p0", 0);
  const { state } = editor.editorView;
  const before = editor.state();
  editor.editorView.dispatch(state.tr.setMeta("nothing", true));
  expect(editor.state()).toBe(before);
  editor.editorView.dispatch(state.tr.insertText("(a) ", 1, 1));
  editor.run("strong");
  expect(editor.state()).toMatchObject({ strong: true, mayUndo: true, blockId: "p0" });
  expect(listener).toHaveBeenCalled();
});

it("shows another's cursor with name and colour, from a relative place", () => {
  const ydoc = textOf(["One two"]);
  const awareness = new Awareness(ydoc);
  const editor = edit(ydoc, { awareness, user: { name: "Ana", color: "#123456" } });
  const place = Y.createRelativePositionFromTypeIndex(ydoc.getText("body"), 4, -1);
  awareness.states.set(77, {
    user: { name: "Bo", color: "#884400" },
    cursor: { anchor: Y.relativePositionToJSON(place), head: Y.relativePositionToJSON(place) },
  });
  awareness.emit("change", [{ added: [77], updated: [], removed: [] }, "test"]);
  const caret = editor.editorView.dom.querySelector<HTMLElement>(".remote-caret");
  expect(caret?.textContent).toBe("Bo");
  expect(caret?.previousSibling?.textContent).toBe("One");
  ydoc.getText("body").insert(1, "Now ", {});
  expect(editor.editorView.dom.textContent).toBe("Now OneBo two");
});

it("shows another's cursor once the text has come in which it stands", () => {
  const [ydoc, theirs] = [textOf(["One"]), new Y.Doc()];
  Y.applyUpdate(theirs, Y.encodeStateAsUpdate(ydoc));
  const awareness = new Awareness(ydoc);
  const editor = edit(ydoc, { awareness });
  theirs.getText("body").insert(4, " two", {});
  const place = Y.createRelativePositionFromTypeIndex(theirs.getText("body"), 8, -1);
  const cursor = { anchor: Y.relativePositionToJSON(place), head: Y.relativePositionToJSON(place) };
  awareness.states.set(77, { user: { name: "Bo", color: "#884400" }, cursor });
  awareness.emit("change", [{ added: [77], updated: [], removed: [] }, "test"]);
  expect(editor.editorView.dom.querySelector(".remote-caret")).toBeNull();

  Y.applyUpdate(ydoc, Y.encodeStateAsUpdate(theirs));
  expect(editor.editorView.dom.textContent).toBe("One twoBo");
});

it("leaves the cursor where it is when another writes on from there", () => {
  const ydoc = textOf(["One"]);
  const editor = edit(ydoc);
  put(editor, "p0", 3);
  const before = editor.editorView.state.selection.from;
  const body = ydoc.getText("body");

  body.insert(4, " two", {});
  expect(editor.editorView.state.selection.from).toBe(before);
  put(editor, "p0", 7);
  body.insertEmbed(8, { b: 1 }, { "b.id": "p1", "b.kind": "para" });
  body.insert(9, "Three", {});
  expect(editor.editorView.state.selection.$from.parent.textContent).toBe("One two");
});

it("survives a cursor of any foreign shape", () => {
  const ydoc = textOf(["One"]);
  const awareness = new Awareness(ydoc);
  const editor = edit(ydoc, { awareness });
  const shapes = [
    null,
    7,
    {},
    { anchor: 1, head: "x" },
    { anchor: {}, head: { item: { client: "x" } } },
  ];
  shapes.forEach((cursor, n) => {
    awareness.states.set(100 + n, { user: { name: {}, color: "red;}" }, cursor });
  });
  awareness.emit("change", [{ added: [100], updated: [], removed: [] }, "test"]);
  expect(editor.editorView.dom.querySelector(".remote-caret")).toBeNull();
});
