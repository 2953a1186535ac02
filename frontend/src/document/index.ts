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
 *     const notes = useSyncExternalStore(editor.subscribe, editor.footnotes);   // for a list of them
 *     useEffect(() => {                 // a footnote's own small editor; null if it has no text
 *       const note = editor.openFootnote(id, noteRef.current);
 *       note?.focus();
 *       return () => note?.destroy();
 *     }, [editor, id]);
 *
 * Keys are in commands/keymap.ts; a page's button calls `editor.run(name)`. What the page draws
 * over the text (numbers, statuses, the floor, locks) is one plain value, `TextView`.
 *
 * Reading without an editor: `blocksOf(ydoc, startNumber)` (podium: label, words, hash),
 * `contentHash(ydoc)` (head check). Import `document/document.css` once beside this file.
 */

export * from "./api.ts";
export { createEditor } from "./editor.ts";
export { canonical, textHash } from "./hashing.ts";
export { labelBlocks } from "./numbering.ts";
export { type Block, blocksOf, contentHash, type Inline } from "./reading.ts";
