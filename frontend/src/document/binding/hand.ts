/** Where the writer's hand has just gone: the browser tells of a moved cursor only with its next frame. */
import type { EditorView } from "@tiptap/pm/view";

interface Watched {
  pendingRecords(): readonly MutationRecord[];
  flush(): void;
}

/**
 * Takes in a cursor that the writer has moved in the page: before a change from elsewhere is drawn,
 * which puts the cursor where the editor last knew it to be, and before a key acts where it is.
 *
 * What was typed and not yet read stays where it is; its own event comes at once.
 */
export function followHand(view: object): void {
  const { domObserver, composing } = view as Partial<EditorView> & { domObserver?: Watched };
  if (!domObserver || composing || domObserver.pendingRecords().length > 0) return;
  domObserver.flush();
}
