/** The sheet with the text: notices over it, the editor with its buttons, the footnotes under it. */
import { useEffect, useMemo, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Section } from "../../api/shapes";
import type { DocumentEditor } from "../../document/api";
import type { LiveDocument } from "../../live/liveDocument";
import type { ReportView } from "../../live/reportView";
import { Notice, Skeleton } from "../../ui/Notice";
import { Denied, LiveNotice, ResyncedNotice } from "../LiveNotices";
import { useObservable } from "../live";
import { RefusedPanel } from "../RefusedPanel";
import { textViewOf } from "../textView";
import { Footnotes } from "./Footnotes";
import { LinkDialog } from "./LinkDialog";
import { Toolbar } from "./Toolbar";
import { useEditor } from "./useEditor";
import "../../document/document.css";
import "../../styles/draft.css";

interface TextProps {
  section: Section;
  live: LiveDocument;
  view: ReportView | null;
  /** The editor once it is there, for pages that lead the reader to a place in the text. */
  onEditor?: (editor: DocumentEditor | null) => void;
}

export function Text({ section, live, view, onEditor }: TextProps) {
  const { t } = useTranslation();
  const state = useObservable(live.state, CONNECTING);
  const writable = useObservable(live.writable, false);
  const text = useObservable(live.text, null);
  const [linking, setLinking] = useState<string | null>(null);
  const [note, setNote] = useState<string | null>(null);
  const [refusedBlock, setRefusedBlock] = useState<string | null>(null);
  const drawn = useMemo(
    () => (view ? textViewOf(view, section.id, statusWords(t)) : null),
    [view, section.id, t],
  );
  const { element, editor } = useEditor({
    live,
    text,
    writable: writable || mayStillWrite(state.kind, section),
    view: drawn,
    onLink: setLinking,
    onFootnote: setNote,
    onRefused: setRefusedBlock,
  });
  useKeptOnLeave(live);
  useEffect(() => onEditor?.(editor), [editor, onEditor]);
  const locked = refusedBlock ? view?.statuses[refusedBlock] : undefined;

  if (state.kind === "denied") {
    return <Denied reason={state.reason} live={live} />;
  }
  return (
    <>
      <div className="stack draft-notices">
        <RefusedPanel live={live} />
        <ResyncedNotice live={live} />
        <LiveNotice state={state} writable={section.may.write} />
        {section.may.write ? null : (
          <Notice icon="lock">
            <strong>{t("draft.read_only")}.</strong> {section.may.why_not_write}
          </Notice>
        )}
        {locked ? (
          <Notice tone="warning" icon="lock">
            {t("draft.locked_label", { label: locked.label })}
          </Notice>
        ) : null}
      </div>
      {editor && section.may.write && state.kind !== "damaged" ? (
        <Toolbar editor={editor} onLink={() => setLinking(editor.state().link)} />
      ) : null}
      {state.kind === "connecting" && !editor ? (
        <Skeleton lines={8} label={t("draft.loading")} />
      ) : null}
      <div className="draft-text" ref={element} />
      {editor && text ? (
        <Footnotes editor={editor} doc={text.doc} open={note} onOpen={setNote} />
      ) : null}
      {editor && linking !== null ? (
        <LinkDialog
          address={linking}
          onSet={(address) => editor.run("link", address)}
          onClose={() => {
            setLinking(null);
            // The dialog gives focus back to its button; the writer wants it in the text.
            requestAnimationFrame(() => editor.focus());
          }}
        />
      ) : null}
    </>
  );
}

const CONNECTING = { kind: "connecting" } as const;

/** A lost line does not stop the pen: what is written is kept here and sent later. */
function mayStillWrite(kind: string, section: Section): boolean {
  return kind === "offline" && section.may.write;
}

function statusWords(t: ReturnType<typeof useTranslation>["t"]) {
  return {
    floor: t("status.floor"),
    agreed: t("status.agreed"),
    bracketed: t("status.bracketed"),
    parked: t("status.parked"),
  };
}

/** The browser asks before it closes a page whose words are not on the server yet. */
function useKeptOnLeave(live: LiveDocument): void {
  useEffect(() => {
    function ask(event: BeforeUnloadEvent): void {
      const state = live.state.get();
      const unsaved = "unsynced" in state && state.unsynced > 0;
      if (unsaved || live.refused.get()) event.preventDefault();
    }
    window.addEventListener("beforeunload", ask);
    return () => window.removeEventListener("beforeunload", ask);
  }, [live]);
}
