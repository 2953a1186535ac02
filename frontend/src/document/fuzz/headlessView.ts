/** A stand-in for EditorView without a page: state, dispatch, and the plugins' views. */

import type { EditorState, Plugin, Transaction } from "@tiptap/pm/state";
import type { EditorView } from "@tiptap/pm/view";

export class HeadlessView {
  state: EditorState;
  readonly #pluginViews: {
    update?: (view: EditorView, before: EditorState) => void;
    destroy?: () => void;
  }[];

  constructor(state: EditorState) {
    this.state = state;
    this.#pluginViews = state.plugins.flatMap((plugin: Plugin) =>
      plugin.spec.view ? [plugin.spec.view(this as unknown as EditorView)] : [],
    );
  }

  dispatch(tr: Transaction): void {
    const before = this.state;
    this.state = before.applyTransaction(tr).state;
    for (const view of this.#pluginViews) view.update?.(this as unknown as EditorView, before);
  }

  destroy(): void {
    for (const view of this.#pluginViews) view.destroy?.();
  }
}
