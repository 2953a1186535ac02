/** The editor of a live text, made anew whenever the text is; its code is loaded only here. */
import { type RefObject, useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { DocumentEditor, TextView } from "../../document/api";
import type { LiveDocument } from "../../live/liveDocument";
import type { LiveText } from "../../live/liveText";
import { useMember } from "../member";

interface EditorWishes {
  live: LiveDocument;
  text: LiveText | null;
  writable: boolean;
  view: TextView | null;
  /** The address under the cursor, to be changed. */
  onLink: (address: string) => void;
  onFootnote: (noteId: string) => void;
  /** A change to this locked paragraph was stopped here already. */
  onRefused: (blockId: string) => void;
}

/** The server paints names and colours itself; this is what shows until it has. */
const OWN_COLOUR = "#1b4f6e";

export function useEditor(wishes: EditorWishes): {
  element: RefObject<HTMLDivElement | null>;
  editor: DocumentEditor | null;
} {
  const { t } = useTranslation();
  const { name } = useMember();
  const { live, text, writable, view } = wishes;
  const element = useRef<HTMLDivElement>(null);
  const [editor, setEditor] = useState<DocumentEditor | null>(null);
  /** Not the one of this render, if the text was replaced meanwhile: that one is gone. */
  const alive = useRef<DocumentEditor | null>(null);
  const latest = useRef(wishes);
  latest.current = wishes;

  useEffect(() => {
    if (!text) return;
    let made: DocumentEditor | null = null;
    let gone = false;
    void import("../../document/index.ts").then(({ createEditor, contentHash }) => {
      if (gone || !element.current) return;
      live.compareWith(contentHash);
      made = createEditor({
        element: element.current,
        ydoc: text.doc,
        awareness: text.awareness,
        user: { name, color: OWN_COLOUR },
        words: {
          text: t("draft.text"),
          footnote: t("draft.footnote_mark"),
          unknown: t("draft.unknown"),
          placeholder: t("draft.placeholder"),
        },
        editable: latest.current.writable,
        ...(latest.current.view ? { view: latest.current.view } : {}),
        onLink: (address) => latest.current.onLink(address),
        onFootnote: (footnote) => latest.current.onFootnote(footnote.id),
        onRefused: (blockId) => latest.current.onRefused(blockId),
      });
      alive.current = made;
      setEditor(made);
    });
    return () => {
      gone = true;
      alive.current = null;
      setEditor(null);
      made?.destroy();
    };
  }, [live, text, name, t]);

  useEffect(() => {
    if (editor === alive.current) editor?.setEditable(writable);
  }, [editor, writable]);
  useEffect(() => {
    if (view && editor === alive.current) editor?.setView(view);
  }, [editor, view]);
  return { element, editor };
}
