/**
 * The document: a section's flat text, its editor and its reading. Knows no React and no network.
 *
 * In a page (the chunk is heavy: import this file dynamically):
 *
 *     useEffect(() => {
 *       const editor = createEditor({ element: ref.current, ydoc, awareness, user, words, view,
 *         onRefused: (blockId) => say(sentenceFor(blockId)), onFootnote: setOpenNote });
 *       setEditor(editor);
 *       return () => editor.destroy();
 *     }, [ydoc]);                       // a refused text is a new ydoc: a new editor
 *     useEffect(() => editor?.setView({ startNumber, locked, statuses, floor }), [view]);
 *     const state = useSyncExternalStore(editor.subscribe, editor.state);   // for the buttons
 *     <button aria-pressed={state.strong} onClick={() => editor.run("strong")} />
 *
 * Reading without an editor: `blocksOf(ydoc)` (podium, hash), `contentHash(ydoc)` (head check).
 * Import `document/document.css` once beside it.
 */

export * from "./api.ts";
export { createEditor } from "./editor.ts";
export { canonical, textHash } from "./hashing.ts";
export { labelBlocks } from "./numbering.ts";
export { type Block, blocksOf, contentHash, type Inline } from "./reading.ts";
