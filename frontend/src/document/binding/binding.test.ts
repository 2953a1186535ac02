import { TextSelection } from "@tiptap/pm/state";
import { expect, it } from "vitest";
import * as Y from "yjs";
import { HeadlessView } from "../fuzz/headlessView.ts";
import { project } from "../model/project.ts";
import { schema } from "../model/schema.ts";
import { sameText } from "./resync.ts";
import { TextSession } from "./session.ts";

function open(doc = new Y.Doc()) {
  const session = new TextSession(doc, { captureTimeout: 0 });
  const view = new HeadlessView(session.initialState());
  session.binding.load();
  session.undo.attach(view);
  const isTrue = () => sameText(view.state.doc, project(session.body));
  return { doc, session, body: session.body, view, isTrue };
}

function marker(id: string) {
  return [{ b: 1 }, { "b.id": id, "b.kind": "para", "b.level": 0 }] as const;
}

it("writes what is typed, split and joined as single units", () => {
  const { session, body, view, isTrue } = open();
  view.dispatch(view.state.tr.insertText("Hello world", 1));
  expect(body.toDelta()).toEqual([{ insert: "Hello world" }]);
  view.dispatch(view.state.tr.split(6));
  expect(body.length).toBe(12);
  expect(view.state.doc.child(1).attrs.id).toMatch(/^p[a-z2-7]{12}$/);
  view.dispatch(view.state.tr.join(7));
  expect(body.toDelta()).toEqual([{ insert: "Hello world" }]);
  session.undo.undo();
  expect(view.state.doc.childCount).toBe(2);
  expect(isTrue()).toBe(true);
});

it("answers a removed mark with false, and stops a written one at the next marker", () => {
  const { body, view } = open();
  body.insertEmbed(0, ...marker("pa"));
  body.insert(1, "one", {});
  body.insertEmbed(4, ...marker("pb"));
  view.dispatch(view.state.tr.addMark(1, 4, schema.mark("strong")));
  view.dispatch(view.state.tr.removeMark(2, 3, schema.mark("strong")));
  const delta = body.toDelta() as { insert: unknown; attributes?: Record<string, unknown> }[];
  expect(delta.map(({ attributes }) => attributes?.strong)).toEqual([
    undefined,
    true,
    false,
    true,
    false,
  ]);
});

it("puts every mark to an end behind a joint", () => {
  const { body, view } = open();
  body.insertEmbed(0, ...marker("pa"));
  body.insertEmbed(1, ...marker("pb"));
  body.insertEmbed(2, ...marker("pc"));
  view.dispatch(view.state.tr.join(2));
  expect(body.toDelta()[1]?.attributes).toMatchObject({ strong: false, em: false, link: false });
});

it("never takes away what it does not know", () => {
  const { body, view, isTrue } = open();
  body.insertEmbed(0, { b: 1 }, { "b.id": "pa", "b.kind": "box", "b.alt": "g1", "ins:i": true });
  body.insert(1, "text", { "comment:c": true, glow: 3 });
  body.insertEmbed(5, { chart: { rows: 2 } }, {});
  const block = view.state.doc.firstChild;
  view.dispatch(view.state.tr.removeMark(0, 7));
  view.dispatch(view.state.tr.setNodeMarkup(0, undefined, { ...block?.attrs, extra: null }));
  view.dispatch(view.state.tr.setNodeMarkup(0, undefined, { id: "pa", kind: "heading", level: 2 }));
  view.dispatch(view.state.tr.insertText("X", 3));
  expect(body.toDelta()).toMatchObject([
    { attributes: { "b.id": "pa", "b.kind": "heading", "b.alt": "g1", "ins:i": true } },
    { insert: "teXxt", attributes: { "comment:c": true, glow: 3 } },
    { insert: { chart: { rows: 2 } } },
  ]);
  expect(isTrue()).toBe(true);
});

it("does not edit half a character", () => {
  const { body, view, isTrue } = open();
  view.dispatch(view.state.tr.insertText("a😀b", 1));
  view.dispatch(view.state.tr.delete(2, 3));
  view.dispatch(view.state.tr.insertText("x", 3));
  expect(body.toString()).toBe("a😀b");
  view.dispatch(view.state.tr.insertText("😁", 2, 4));
  expect(body.toString()).toBe("a😁b");
  expect(isTrue()).toBe(true);
});

it("puts the cursor back where it was before the undone change", () => {
  const { doc, session, view } = open();
  view.dispatch(view.state.tr.insertText("0123456789 and more", 1));
  view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, 11)));
  view.dispatch(view.state.tr.insertText("typed"));
  view.dispatch(view.state.tr.setSelection(TextSelection.create(view.state.doc, 1)));
  doc.transact(() => session.body.insert(0, "remote ", {}), "elsewhere");
  session.undo.undo();
  expect(view.state.selection.head).toBe(18);
  expect(view.state.doc.textContent).toBe("remote 0123456789 and more");
});

it("keeps a footnote's text when its reference goes, and gives a copy a text of its own", () => {
  const { session, view } = open();
  session.beginNote("n1", [{ text: "Source", attrs: { em: true } }]);
  view.dispatch(view.state.tr.insert(1, schema.node("footnote", { id: "n1" })));
  expect(session.notes.get("n1")?.toDelta()).toEqual([
    { insert: "Source", attributes: { em: true } },
  ]);
  view.dispatch(view.state.tr.insert(1, schema.node("footnote", { id: "n1" })));
  const [copy, original] = view.state.doc.child(0).children.map((node) => String(node.attrs.id));
  expect(original).toBe("n1");
  expect(session.notes.get(copy ?? "")?.toString()).toBe("Source");
  view.dispatch(view.state.tr.delete(1, 3));
  expect(session.notes.get("n1")?.toString()).toBe("Source");
  session.undo.undo();
  expect(view.state.doc.child(0).childCount).toBe(2);
});

it("opens an empty section without writing to it, and a marker only when it is needed", () => {
  const { doc, body, view } = open();
  const updates: Uint8Array[] = [];
  doc.on("update", (update: Uint8Array) => updates.push(update));
  expect(view.state.doc.firstChild?.attrs.implicit).toBe(true);
  expect(updates).toEqual([]);
  view.dispatch(view.state.tr.insertText("a", 1));
  expect(body.length).toBe(1);
  const attrs = view.state.doc.firstChild?.attrs;
  view.dispatch(view.state.tr.setNodeMarkup(0, undefined, { ...attrs, kind: "heading", level: 1 }));
  expect(body.length).toBe(2);
  expect(view.state.doc.firstChild?.attrs.implicit).toBe(false);
});
