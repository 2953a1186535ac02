/** Gives a person a seat and shows the one-time link to pass on. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { sentenceOf } from "../../api/client";
import { inviteMember } from "../../api/groups";
import { keys, useAct } from "../../shell/queries";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { TextField } from "../../ui/Field";
import { Notice } from "../../ui/Notice";
import { LinkOnce } from "./LinkOnce";
import { NEW_SEAT, SeatFields } from "./SeatFields";

export function Invite({ groupId, onClose }: { groupId: string; onClose: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [seat, setSeat] = useState(NEW_SEAT);
  const invite = useAct(
    () => inviteMember(groupId, { name, email, ...seat }),
    [keys.group(groupId)],
  );
  if (invite.data) {
    return <LinkOnce name={invite.data.member.name} link={invite.data.link} onClose={onClose} />;
  }
  return (
    <Dialog title={t("office.invite_title")} closeLabel={t("app.close")} onClose={onClose}>
      <p className="soft">{t("office.invite_lead")}</p>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          invite.mutate(undefined);
        }}
      >
        {invite.error ? <Notice tone="danger">{sentenceOf(invite.error)}</Notice> : null}
        <TextField
          label={t("office.name")}
          required
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextField
          label={t("office.email")}
          type="email"
          required
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <SeatFields seat={seat} onChange={setSeat} />
        <div className="dialog-actions">
          <Button onClick={onClose}>{t("app.cancel")}</Button>
          <Button kind="primary" type="submit" busy={invite.isPending}>
            {t("office.invite_submit")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
