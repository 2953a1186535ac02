/** "(a) " and "(i) " at the start of a paragraph make it a sub-paragraph, as one would type it. */

import { InputRule, inputRules } from "@tiptap/pm/inputrules";
import type { EditorState, Plugin, Transaction } from "@tiptap/pm/state";
import type { BlockAttrs } from "../model/schema.ts";

/** The label itself is not kept: numbering writes it. Behind a sub-paragraph "(i)" goes deeper. */
export function labelRules(): Plugin {
  return inputRules({
    rules: [
      new InputRule(/^\(([a-z]{1,4})\) $/, (state, match, from, to) =>
        asSubparagraph(state, match[1] ?? "", from, to),
      ),
    ],
  });
}

function asSubparagraph(
  state: EditorState,
  sign: string,
  from: number,
  to: number,
): Transaction | null {
  const at = state.doc.resolve(from);
  const attrs = at.parent.attrs as BlockAttrs;
  const before = at.index(0) > 0 ? state.doc.child(at.index(0) - 1) : null;
  const level = levelFor(sign, before?.attrs as BlockAttrs | undefined);
  if (level === 0 || (attrs.kind !== "para" && attrs.kind !== "subpara")) return null;
  return state.tr
    .delete(from, to)
    .setNodeMarkup(at.before(), undefined, { ...attrs, kind: "subpara", level });
}

function levelFor(sign: string, before: BlockAttrs | undefined): number {
  const isRoman = /^[ivx]+$/.test(sign);
  const isInside = before?.kind === "subpara";
  if (isRoman && isInside) return 2;
  return sign.length === 1 ? 1 : 0;
}
