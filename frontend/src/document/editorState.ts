/** What the buttons of a page show of an editor's selection. */

import type { EditorState as ProseState } from "@tiptap/pm/state";
import type { EditorState } from "./api.ts";
import { selectedBlocks } from "./commands/blocks.ts";
import { linkAt } from "./commands/inline.ts";
import { schema } from "./model/schema.ts";

interface Around {
  readonly editable: boolean;
  readonly locked: ReadonlySet<string>;
  readonly mayUndo: boolean;
  readonly mayRedo: boolean;
}

export function readState(state: ProseState, around: Around): EditorState {
  const blocks = selectedBlocks(state);
  const first = blocks[0]?.attrs;
  return {
    editable: around.editable,
    blockId: first?.id ?? null,
    kind: first?.kind ?? "para",
    level: first?.level ?? 0,
    locked: blocks.some(({ attrs }) => attrs.id !== null && around.locked.has(attrs.id)),
    strong: isActive(state, "strong"),
    em: isActive(state, "em"),
    link: linkAt(state),
    mayUndo: around.mayUndo,
    mayRedo: around.mayRedo,
  };
}

function isActive(state: ProseState, name: "strong" | "em"): boolean {
  const { from, to, empty, $from } = state.selection;
  const type = schema.marks[name];
  if (!empty) return state.doc.rangeHasMark(from, to, type);
  return type.isInSet(state.storedMarks ?? $from.marks()) !== undefined;
}
