import { TextSelection } from "@tiptap/pm/state";
import { expect, it } from "vitest";
import * as Y from "yjs";
import { HeadlessView } from "../fuzz/headlessView.ts";
import { project } from "../model/project.ts";
import { sameText } from "./resync.ts";
import { TextSession } from "./session.ts";

const ID = "pabcdefghijkl";
const CLOSED = { strong: false, em: false, link: false };

/** An empty section in which somebody types, and the server's own copy of it. */
function open() {
  const doc = new Y.Doc();
  const session = new TextSession(doc, { captureTimeout: 0 });
  const view = new HeadlessView(session.initialState());
  session.binding.load();
  session.undo.attach(view);
  const server = new Y.Doc();
  doc.on("update", (update: Uint8Array, origin: unknown) => {
    if (origin !== server) Y.applyUpdate(server, update);
  });
  const name = () => {
    const before = Y.encodeStateVector(server);
    const marker = { ...CLOSED, "b.id": ID, "b.kind": "para", "b.level": 0 };
    server.getText("body").insertEmbed(0, { b: 1 }, marker);
    return Y.encodeStateAsUpdate(server, before);
  };
  const types = (letters: string) => view.dispatch(view.state.tr.insertText(letters));
  const isTrue = () => sameText(view.state.doc, project(session.body));
  return { doc, session, view, server, name, types, isTrue };
}

it("keeps the caret between the same letters when the server names the first paragraph", () => {
  const { doc, view, server, name, types, isTrue } = open();
  types("Hello world");
  view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, 6)));
  Y.applyUpdate(doc, name(), server);
  types(",");
  expect(view.state.doc.textContent).toBe("Hello, world");
  expect(view.state.doc.childCount).toBe(1);
  expect(view.state.doc.firstChild?.attrs).toMatchObject({ id: ID, implicit: false });
  expect(isTrue()).toBe(true);
});

it("keeps a selection over it", () => {
  const { doc, view, server, name, types } = open();
  types("Hello world");
  view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, 1, 6)));
  Y.applyUpdate(doc, name(), server);
  const { from, to } = view.state.selection;
  expect(view.state.doc.textBetween(from, to)).toBe("Hello");
});

it("takes letters that were on their way when the name was given", () => {
  const { doc, session, view, server, name, types, isTrue } = open();
  types("a");
  const named = name();
  types("b");
  types("c");
  Y.applyUpdate(doc, named, server);
  types("d");
  expect(view.state.doc.textContent).toBe("abcd");
  expect(view.state.doc.childCount).toBe(1);
  expect(server.getText("body").toDelta()).toEqual(session.body.toDelta());
  expect(isTrue()).toBe(true);
});

it("undoes one's own letters and leaves the name, and does them again", () => {
  const { doc, session, view, server, name, types, isTrue } = open();
  types("one ");
  Y.applyUpdate(doc, name(), server);
  types("two");
  session.undo.undo();
  expect(view.state.doc.textContent).toBe("one ");
  expect(view.state.selection.head).toBe(5);
  session.undo.undo();
  expect(view.state.doc.textContent).toBe("");
  expect(view.state.doc.firstChild?.attrs.id).toBe(ID);
  session.undo.redo();
  session.undo.redo();
  expect(view.state.doc.textContent).toBe("one two");
  expect(view.state.doc.firstChild?.attrs.id).toBe(ID);
  expect(isTrue()).toBe(true);
});

it("loses nothing when its writer makes it a heading at the same moment", () => {
  const { doc, session, view, server, name, types, isTrue } = open();
  types("Title");
  const named = name();
  const attrs = view.state.doc.firstChild?.attrs;
  view.dispatch(view.state.tr.setNodeMarkup(0, undefined, { ...attrs, kind: "heading", level: 1 }));
  Y.applyUpdate(doc, named, server);
  expect(view.state.doc.textContent).toBe("Title");
  const ids = new Set<unknown>();
  view.state.doc.forEach((block) => {
    ids.add(block.attrs.id);
  });
  expect(ids.size).toBe(view.state.doc.childCount);
  expect(server.getText("body").toDelta()).toEqual(session.body.toDelta());
  expect(isTrue()).toBe(true);
});
