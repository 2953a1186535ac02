/** Asks once more, over the very words that are decided on; then the decision is made, or refused. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, sentenceOf } from "../../../api/client";
import { decide } from "../../../api/plenary";
import type { Block } from "../../../reading/block";
import { ReadingBlock } from "../../../reading/ReadingBlock";
import { useAct } from "../../../shell/queries";
import { Button } from "../../../ui/Button";
import { Dialog } from "../../../ui/Dialog";
import { TextArea } from "../../../ui/Field";
import { Notice } from "../../../ui/Notice";
import { newQuestion, type Question } from "../usePodium";
import { MovedDialog } from "./MovedDialog";
import { callFor, hasMoved, type Shown } from "./shown";

interface DecideDialogProps {
  meetingId: string;
  question: Question;
  /** The same paragraph as the page shows it now. */
  now: Shown | null;
  ask: (question: Question | null) => void;
}

export function DecideDialog({ meetingId, question, now, ask }: DecideDialogProps) {
  const { t } = useTranslation();
  const { verb, shown, key } = question;
  const [reason, setReason] = useState("");
  const make = useAct(() => decide(meetingId, key, callFor(shown, verb, reason)), []);
  const close = () => ask(null);
  const again = () => ask(now?.paragraphId === shown.paragraphId ? newQuestion(verb, now) : null);
  const moved = movedTo(make.error);
  if (moved) return <MovedDialog seen={shown} current={moved} onAgain={again} onClose={close} />;
  const hasChanged = hasMoved(shown, now) && !make.isPending && !make.isSuccess;
  return (
    <Dialog
      title={t(`podium.ask.${verb}`, { label: shown.label || t("podium.unnumbered") })}
      closeLabel={t("app.close")}
      onClose={close}
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void make.mutateAsync(undefined).then(close, () => undefined);
        }}
      >
        <div className="podium-asked">
          <ReadingBlock block={shown.block} status={shown.status} isOnFloor={shown.isOnFloor} />
        </div>
        {make.error ? <Notice tone="danger">{sentenceOf(make.error)}</Notice> : null}
        {hasChanged ? <Notice tone="warning">{t("podium.changed_since")}</Notice> : null}
        {verb === "agree" ? (
          <p>{t("podium.ask_agree_lead")}</p>
        ) : (
          <TextArea
            label={t(verb === "reopen" ? "podium.reason" : "podium.note")}
            hint={t("podium.reason_hint")}
            required={verb === "reopen"}
            rows={2}
            maxLength={2000}
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        )}
        <div className="dialog-actions">
          <Button onClick={close}>{t("app.cancel")}</Button>
          {hasChanged ? (
            <Button kind="primary" onClick={again}>
              {t("podium.read_again")}
            </Button>
          ) : (
            <Button
              kind="primary"
              type="submit"
              className="podium-confirm"
              data-verb={verb}
              data-first={verb === "agree" || undefined}
              busy={make.isPending}
            >
              {t(`podium.confirm.${verb}`)}
            </Button>
          )}
        </div>
      </form>
    </Dialog>
  );
}

/** The paragraph as the server has it, if the decision was refused because the text moved. */
function movedTo(error: unknown): Block | null {
  if (!(error instanceof ApiError) || error.error !== "TextMoved") return null;
  return (error.facts.current_block as Block | undefined) ?? null;
}
