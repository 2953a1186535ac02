import { expect, it } from "vitest";
import * as Y from "yjs";
import { TextSession } from "../binding/session.ts";
import { HeadlessView } from "../fuzz/headlessView.ts";
import { schema } from "../model/schema.ts";
import { locksPlugin } from "./locks.ts";
import { lockTouchedBy } from "./undoneLocks.ts";

function open(texts: readonly string[]) {
  const doc = new Y.Doc();
  const body = doc.getText("body");
  texts.forEach((text, n) => {
    body.insertEmbed(body.length, { b: 1 }, { "b.id": `p${n}`, "b.kind": "para" });
    body.insert(body.length, text, {});
  });
  const locked = new Set<string>();
  const refused: string[] = [];
  const session: TextSession = new TextSession(doc, {
    captureTimeout: 0,
    blockedBy: (item) => lockTouchedBy(session.body, session.notes, item, locked),
    onBlocked: (id) => refused.push(id),
  });
  const plugin = locksPlugin(
    () => locked,
    (id) => refused.push(id),
  );
  const view = new HeadlessView(session.initialState([plugin]));
  session.binding.load();
  session.undo.attach(view);
  const texts_ = () => view.state.doc.children.map((block) => block.textContent);
  return { doc, session, view, locked, refused, texts: texts_ };
}

it("refuses typing, splitting, joining and marking in a locked block, and says which", async () => {
  const { view, locked, refused, texts } = open(["one", "two", "six"]);
  locked.add("p1");
  view.dispatch(view.state.tr.insertText("x", 7));
  view.dispatch(view.state.tr.split(7));
  view.dispatch(view.state.tr.join(5));
  view.dispatch(view.state.tr.join(10));
  view.dispatch(view.state.tr.addMark(6, 9, schema.mark("em")));
  view.dispatch(view.state.tr.delete(2, 12));
  view.dispatch(view.state.tr.setNodeMarkup(5, undefined, { id: "p1", kind: "plain" }));
  await Promise.resolve();
  expect(texts()).toEqual(["one", "two", "six"]);
  expect(refused).toEqual(["p1", "p1", "p1", "p1", "p1", "p1", "p1"]);
});

it("refuses to change the order of locked blocks, not to move others between them", async () => {
  const { view, locked, refused, texts } = open(["one", "two", "six"]);
  locked.add("p0").add("p2");
  const two = view.state.doc.child(1);
  view.dispatch(view.state.tr.delete(5, 10).insert(0, two));
  expect(texts()).toEqual(["two", "one", "six"]);
  const six = view.state.doc.child(2);
  view.dispatch(view.state.tr.delete(10, 15).insert(0, six));
  await Promise.resolve();
  expect(texts()).toEqual(["two", "one", "six"]);
  expect(refused).toHaveLength(1);
});

it("lets changes from elsewhere through, and bold beside a locked block", () => {
  const { doc, view, locked, refused, texts } = open(["one", "two"]);
  locked.add("p1");
  doc.getText("body").insert(6, "X", {});
  view.dispatch(view.state.tr.addMark(1, 4, schema.mark("strong")));
  expect(texts()).toEqual(["one", "tXwo"]);
  expect(refused).toEqual([]);
});

it("pastes a copy of a locked block without taking its id", () => {
  const { view, locked, texts } = open(["one", "two"]);
  locked.add("p1");
  view.dispatch(view.state.tr.insert(0, view.state.doc.child(1)));
  expect(texts()).toEqual(["two", "one", "two"]);
  expect(view.state.doc.child(2).attrs.id).toBe("p1");
});

it("does not undo into a block that was agreed meanwhile, and goes on behind it", () => {
  const { session, view, locked, refused, texts } = open(["one", "two"]);
  view.dispatch(view.state.tr.insertText("A", 1));
  view.dispatch(view.state.tr.insertText("B", 7));
  view.dispatch(view.state.tr.insertText("C", 8));
  locked.add("p1");
  expect(session.undo.undo()).toBe(false);
  expect(session.undo.undo()).toBe(false);
  expect(refused).toEqual(["p1", "p1"]);
  expect(session.undo.undo()).toBe(true);
  expect(texts()).toEqual(["one", "BCtwo"]);
});

it("undoes bold before a locked block, and an empty block behind it, but not one with text", () => {
  const { doc, session, view, locked, refused, texts } = open(["one", "two"]);
  locked.add("p1");
  view.dispatch(view.state.tr.addMark(1, 4, schema.mark("strong")));
  expect(session.undo.undo()).toBe(true);
  view.dispatch(view.state.tr.split(9));
  expect(texts()).toEqual(["one", "two", ""]);
  expect(session.undo.undo()).toBe(true);
  expect(texts()).toEqual(["one", "two"]);
  session.undo.redo();
  doc.getText("body").insert(doc.getText("body").length, "theirs", {});
  expect(session.undo.undo()).toBe(false);
  expect(refused).toEqual(["p1"]);
  expect(texts()).toEqual(["one", "two", "theirs"]);
});
