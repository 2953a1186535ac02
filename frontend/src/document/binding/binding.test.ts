import { expect, it } from "vitest";
import * as Y from "yjs";
import { HeadlessView } from "../fuzz/headlessView.ts";
import { project } from "../model/project.ts";
import { sameText } from "./resync.ts";
import { TextSession } from "./session.ts";

function open(doc = new Y.Doc()) {
  const session = new TextSession(doc, { captureTimeout: 0 });
  const view = new HeadlessView(session.initialState());
  session.binding.load();
  session.undo.attach(view);
  return { doc, session, view };
}

it("writes what is typed, split and joined as single units", () => {
  const { session, view } = open();
  view.dispatch(view.state.tr.insertText("Hello world", 1));
  expect(session.body.toDelta()).toEqual([{ insert: "Hello world" }]);
  view.dispatch(view.state.tr.split(6));
  expect(session.body.length).toBe(12);
  expect(view.state.doc.childCount).toBe(2);
  expect(view.state.doc.child(1).attrs.id).toMatch(/^p[a-z2-7]{12}$/);
  expect(sameText(view.state.doc, project(session.body))).toBe(true);
  view.dispatch(view.state.tr.join(7));
  expect(session.body.toDelta()).toEqual([{ insert: "Hello world" }]);
  session.undo.undo();
  expect(view.state.doc.childCount).toBe(2);
  expect(sameText(view.state.doc, project(session.body))).toBe(true);
});
