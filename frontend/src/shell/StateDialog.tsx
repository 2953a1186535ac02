/** Moves a section on, or returns it with a reason. The server's guards have the last word. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { sentenceOf } from "../api/client";
import { changeState } from "../api/reports";
import type { Section, SectionState } from "../api/shapes";
import { Button } from "../ui/Button";
import { Dialog } from "../ui/Dialog";
import { TextArea } from "../ui/Field";
import { Notice } from "../ui/Notice";
import { STATES, StateChip } from "./Marks";
import { keys, useAct } from "./queries";

interface StateDialogProps {
  section: Section;
  onClose: () => void;
}

/** Going back is a return: whoever worked on the section must be told the reason. */
function isReturn(from: SectionState, to: SectionState): boolean {
  return STATES.indexOf(to) < STATES.indexOf(from);
}

function sentenceKey(from: SectionState, to: SectionState) {
  if (!isReturn(from, to)) return `edge.${to}` as const;
  return to === "drafting" ? "edge.returned" : "edge.reopened";
}

export function StateDialog({ section, onClose }: StateDialogProps) {
  const { t } = useTranslation();
  const [to, setTo] = useState<SectionState | null>(section.may.edges[0] ?? null);
  const [reason, setReason] = useState("");
  const returning = to !== null && isReturn(section.state, to);
  const change = useAct(
    (target: SectionState) => changeState(section.id, target, returning ? reason : undefined),
    [keys.desk(section.report_id)],
  );
  return (
    <Dialog
      title={t("desk.state_title", { title: section.title })}
      closeLabel={t("app.close")}
      onClose={onClose}
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (to) void change.mutateAsync(to).then(onClose, () => undefined);
        }}
      >
        <p className="row">
          {t("desk.state_now")} <StateChip state={section.state} />
        </p>
        {change.error ? <Notice tone="danger">{sentenceOf(change.error)}</Notice> : null}
        {section.may.edges.length === 0 ? <p>{t("desk.state_none")}</p> : null}
        <fieldset className="choices">
          <legend className="visually-hidden">{t("desk.state_to")}</legend>
          {section.may.edges.map((edge) => (
            <label className="choice" key={edge}>
              <input type="radio" name="to" checked={to === edge} onChange={() => setTo(edge)} />
              <span className="stack-tight">
                <StateChip state={edge} />
                <span>{t(sentenceKey(section.state, edge))}</span>
              </span>
            </label>
          ))}
        </fieldset>
        {returning ? (
          <TextArea
            label={t("desk.reason")}
            hint={t("desk.reason_hint")}
            required
            value={reason}
            onChange={(event) => setReason(event.currentTarget.value)}
          />
        ) : null}
        <div className="dialog-actions">
          <Button onClick={onClose}>{t("app.cancel")}</Button>
          <Button kind="primary" type="submit" disabled={!to} busy={change.isPending}>
            {to ? t(`go.${returning ? "returned" : to}`) : t("app.save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
