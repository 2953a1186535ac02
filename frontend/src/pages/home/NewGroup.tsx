/** The system administrator sets up a working group and its first secretariat. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { sentenceOf } from "../../api/client";
import { makeGroup } from "../../api/groups";
import { keys, useAct } from "../../shell/queries";
import { Button } from "../../ui/Button";
import { Copyable } from "../../ui/Copyable";
import { Dialog } from "../../ui/Dialog";
import { TextArea, TextField } from "../../ui/Field";
import { Notice } from "../../ui/Notice";

export function NewGroup({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const [mandate, setMandate] = useState("");
  const [leader, setLeader] = useState({ name: "", email: "" });
  const secretariat = leader.email.trim() === "" ? null : leader;
  const make = useAct(() => makeGroup({ name, mandate, secretariat }), [keys.me]);
  const link = make.data?.link;
  if (make.data) {
    return (
      <Dialog title={make.data.name} closeLabel={t("app.close")} onClose={onClose}>
        <p>{link ? t("office.link_lead", { name: leader.name }) : t("home.group_made")}</p>
        {link ? (
          <Copyable
            value={link}
            label={t("office.link_field")}
            copy={t("app.copy")}
            copied={t("app.copied")}
          />
        ) : null}
        <div className="dialog-actions">
          <Button kind="primary" onClick={onClose}>
            {t("app.close")}
          </Button>
        </div>
      </Dialog>
    );
  }
  return (
    <Dialog title={t("home.new_group")} closeLabel={t("app.close")} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          make.mutate(undefined);
        }}
      >
        {make.error ? <Notice tone="danger">{sentenceOf(make.error)}</Notice> : null}
        <TextField
          label={t("home.group_name")}
          required
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextArea
          label={t("home.group_mandate")}
          hint={t("home.group_mandate_hint")}
          value={mandate}
          onChange={(event) => setMandate(event.currentTarget.value)}
        />
        <fieldset className="stack">
          <legend>{t("home.group_secretariat")}</legend>
          <TextField
            label={t("office.name")}
            required
            value={leader.name}
            onChange={(event) => setLeader({ ...leader, name: event.currentTarget.value })}
          />
          <TextField
            label={t("office.email")}
            type="email"
            required
            value={leader.email}
            onChange={(event) => setLeader({ ...leader, email: event.currentTarget.value })}
          />
        </fieldset>
        <div className="dialog-actions">
          <Button onClick={onClose}>{t("app.cancel")}</Button>
          <Button kind="primary" type="submit" busy={make.isPending}>
            {t("home.open_group")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
