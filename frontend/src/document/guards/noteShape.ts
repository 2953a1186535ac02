/** Keeps a footnote's text one run of inline content: no second block, no attributes, no notes. */

import { Plugin } from "@tiptap/pm/state";
import { isFromText } from "../binding/binding.ts";

export function noteShapePlugin(mayEdit: () => boolean): Plugin {
  return new Plugin({
    filterTransaction(tr, before) {
      if (!tr.docChanged || isFromText(tr)) return true;
      const { firstChild, childCount } = tr.doc;
      return mayEdit() && childCount === 1 && firstChild?.sameMarkup(before.doc.child(0)) === true;
    },
  });
}
