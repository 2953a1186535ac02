/** The footnotes under the text, each edited in its place. */
import { useEffect, useRef, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Doc } from "yjs";
import type { DocumentEditor, FootnoteRef, NoteEditor } from "../../document/api";

interface FootnotesProps {
  editor: DocumentEditor;
  doc: Doc;
  /** Id of the footnote that is being edited. */
  open: string | null;
  onOpen: (id: string | null) => void;
}

export function Footnotes({ editor, doc, open, onOpen }: FootnotesProps) {
  const { t } = useTranslation();
  const notes = useFootnotes(editor, doc);
  if (notes.length === 0) return null;
  return (
    <section className="footnotes" aria-labelledby="footnotes">
      <h2 id="footnotes">{t("draft.footnotes")}</h2>
      <ol className="plain-list">
        {notes.map((note) => (
          <li className="footnote" key={note.id}>
            <button
              type="button"
              className="footnote-number"
              title={t("draft.footnote_back")}
              onClick={() => note.blockId && editor.goTo(note.blockId)}
            >
              <span className="visually-hidden">
                {t("draft.footnote_n", { number: note.number })}
              </span>
              <span aria-hidden="true">{note.number}</span>
            </button>
            {open === note.id && !note.locked ? (
              <OpenNote editor={editor} id={note.id} onClose={() => onOpen(null)} />
            ) : (
              <ClosedNote note={note} editor={editor} onOpen={() => onOpen(note.id)} />
            )}
          </li>
        ))}
      </ol>
    </section>
  );
}

interface ClosedNoteProps {
  note: FootnoteRef;
  editor: DocumentEditor;
  onOpen: () => void;
}

function ClosedNote({ note, editor, onOpen }: ClosedNoteProps) {
  const { t } = useTranslation();
  const may = editor.state().editable && !note.locked;
  if (!may) return <p dir="auto">{note.text}</p>;
  return (
    <button type="button" className="footnote-text" dir="auto" onClick={onOpen}>
      {note.text || <span className="faint">{t("draft.footnote_empty")}</span>}
    </button>
  );
}

interface OpenNoteProps {
  editor: DocumentEditor;
  id: string;
  onClose: () => void;
}

function OpenNote({ editor, id, onClose }: OpenNoteProps) {
  const { t } = useTranslation();
  const element = useRef<HTMLDivElement>(null);
  const close = useRef(onClose);
  close.current = onClose;
  useEffect(() => {
    if (!element.current) return;
    const note: NoteEditor | null = editor.openFootnote(id, element.current);
    note?.focus();
    return () => note?.destroy();
  }, [editor, id]);
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the editor inside takes the keys; Escape leaves it.
    <div
      className="footnote-open"
      onKeyDown={(event) => {
        if (event.key !== "Escape") return;
        close.current();
        editor.focus();
      }}
    >
      <div ref={element} />
      <button type="button" className="button" data-kind="quiet" onClick={onClose}>
        {t("draft.footnote_done")}
      </button>
    </div>
  );
}

/** The footnotes in the section's order, asked for again after each change of the text. */
function useFootnotes(editor: DocumentEditor, doc: Doc): readonly FootnoteRef[] {
  const [notes, setNotes] = useState<readonly FootnoteRef[]>([]);
  useEffect(() => {
    let frame = 0;
    const read = (): void => {
      const next = editor.footnotes();
      setNotes((shown) => (JSON.stringify(shown) === JSON.stringify(next) ? shown : next));
    };
    const later = (): void => {
      cancelAnimationFrame(frame);
      frame = requestAnimationFrame(read);
    };
    later();
    doc.on("update", later);
    const stop = editor.subscribe(later);
    return () => {
      cancelAnimationFrame(frame);
      doc.off("update", later);
      stop();
    };
  }, [editor, doc]);
  return notes;
}
