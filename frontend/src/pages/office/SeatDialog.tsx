/** Changes a member's name, seat and roles. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { sentenceOf } from "../../api/client";
import { changeMember } from "../../api/groups";
import type { Member } from "../../api/shapes";
import { keys, useAct } from "../../shell/queries";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { TextField } from "../../ui/Field";
import { Notice } from "../../ui/Notice";
import { type SeatDraft, SeatFields } from "./SeatFields";

interface SeatDialogProps {
  groupId: string;
  member: Member;
  onClose: () => void;
}

export function SeatDialog({ groupId, member, onClose }: SeatDialogProps) {
  const { t } = useTranslation();
  const [name, setName] = useState(member.name);
  const [seat, setSeat] = useState<SeatDraft>({
    stakeholder_group: member.stakeholder_group,
    country: member.country,
    personal_capacity: member.personal_capacity,
    roles: member.roles.filter((role) => role !== "convenor"),
  });
  const change = useAct(
    () => changeMember(groupId, member.id, { name, ...seat }),
    [keys.group(groupId), keys.me],
  );
  return (
    <Dialog
      title={t("office.edit_title", { name: member.name })}
      closeLabel={t("app.close")}
      onClose={onClose}
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void change.mutateAsync(undefined).then(onClose, () => undefined);
        }}
      >
        {change.error ? <Notice tone="danger">{sentenceOf(change.error)}</Notice> : null}
        <TextField
          label={t("office.name")}
          required
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <SeatFields seat={seat} onChange={setSeat} />
        <div className="dialog-actions">
          <Button onClick={onClose}>{t("app.cancel")}</Button>
          <Button kind="primary" type="submit" busy={change.isPending}>
            {t("app.save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
