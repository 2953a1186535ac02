/** Keeps the paragraph on the floor in sight, until its reader moves the page away. */
import { useEffect, useState } from "react";
import type { DocumentEditor } from "../../document/api";

const MOVING_KEYS = ["PageUp", "PageDown", "Home", "End", "ArrowUp", "ArrowDown", " "];

/** `back` puts the floor in sight again. */
export function useFollow(editor: DocumentEditor | null, paragraphId: string | null) {
  const [isFollowing, setFollowing] = useState(true);
  useEffect(() => {
    const leave = (): void => setFollowing(false);
    const leaveByKey = (event: KeyboardEvent): void => {
      if (MOVING_KEYS.includes(event.key)) leave();
    };
    window.addEventListener("wheel", leave, { passive: true });
    window.addEventListener("touchmove", leave, { passive: true });
    window.addEventListener("keydown", leaveByKey);
    return () => {
      window.removeEventListener("wheel", leave);
      window.removeEventListener("touchmove", leave);
      window.removeEventListener("keydown", leaveByKey);
    };
  }, []);
  useEffect(() => {
    if (!editor || !paragraphId || !isFollowing) return;
    // The editor draws the text in its own time: the paragraph may come a frame later.
    const frame = requestAnimationFrame(() => show(editor.editorView.dom, paragraphId));
    return () => cancelAnimationFrame(frame);
  }, [editor, paragraphId, isFollowing]);
  return { isFollowing, back: () => setFollowing(true) };
}

function show(text: Element, paragraphId: string): void {
  const isStill = window.matchMedia("(prefers-reduced-motion: reduce)").matches;
  text
    .querySelector(`[data-id="${CSS.escape(paragraphId)}"]`)
    ?.scrollIntoView({ block: "center", behavior: isStill ? "auto" : "smooth" });
}
