/** One subgroup: who is in it, who convenes it, and what the secretariat may change. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { sentenceOf } from "../../api/client";
import { dropSubgroup, putInSubgroup, renameSubgroup, takeFromSubgroup } from "../../api/groups";
import type { Member, Subgroup, SubgroupSeat } from "../../api/shapes";
import { keys, useAct } from "../../shell/queries";
import { Button } from "../../ui/Button";
import { Confirm } from "../../ui/Confirm";
import { SelectField } from "../../ui/Field";
import { Menu } from "../../ui/Menu";
import { Notice } from "../../ui/Notice";
import { Rename } from "../../ui/Rename";

interface SubgroupCardProps {
  groupId: string;
  subgroup: Subgroup;
  members: Member[];
  may: boolean;
}

export function SubgroupCard({ groupId, subgroup, members, may }: SubgroupCardProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<"rename" | "dissolve" | null>(null);
  const act = useAct((run: () => Promise<unknown>) => run(), [keys.group(groupId), keys.me]);
  const close = (): void => setOpen(null);
  const inside = new Set(subgroup.members.map((member) => member.id));
  const place = (id: string, convenor: boolean): void =>
    act.mutate(() => putInSubgroup(subgroup.id, id, convenor));
  return (
    <article className="card stack">
      <header className="office-head">
        <h3>{subgroup.name}</h3>
        {may ? (
          <Menu
            label={t("office.actions_for", { name: subgroup.name })}
            acts={[
              { label: t("office.rename"), icon: "edit", run: () => setOpen("rename") },
              {
                label: t("office.dissolve"),
                icon: "remove",
                kind: "danger",
                run: () => setOpen("dissolve"),
              },
            ]}
          />
        ) : null}
      </header>
      {act.error ? <Notice tone="danger">{sentenceOf(act.error)}</Notice> : null}
      {subgroup.members.length === 0 ? <p className="soft">{t("office.nobody")}</p> : null}
      <ul className="plain-list">
        {subgroup.members.map((person) => (
          <PersonLine
            key={person.id}
            person={person}
            may={may}
            onConvenor={(convenor) => place(person.id, convenor)}
            onOut={() => act.mutate(() => takeFromSubgroup(subgroup.id, person.id))}
          />
        ))}
      </ul>
      {may ? (
        <PutIn
          candidates={members.filter((member) => !inside.has(member.id))}
          onChoose={(id) => place(id, false)}
        />
      ) : null}
      {open === "rename" ? (
        <Rename
          title={t("office.rename")}
          label={t("office.subgroup_name")}
          value={subgroup.name}
          words={{ save: t("app.save"), cancel: t("app.cancel"), close: t("app.close") }}
          onSave={(name) => act.mutate(() => renameSubgroup(subgroup.id, name))}
          onClose={close}
        />
      ) : null}
      {open === "dissolve" ? (
        <Confirm
          title={t("office.dissolve_title", { name: subgroup.name })}
          confirm={t("office.dissolve")}
          cancel={t("app.cancel")}
          close={t("app.close")}
          onConfirm={() => act.mutate(() => dropSubgroup(subgroup.id))}
          onClose={close}
        >
          {t("office.dissolve_lead")}
        </Confirm>
      ) : null}
    </article>
  );
}

interface PersonLineProps {
  person: SubgroupSeat;
  may: boolean;
  onConvenor: (convenor: boolean) => void;
  onOut: () => void;
}

function PersonLine({ person, may, onConvenor, onOut }: PersonLineProps) {
  const { t } = useTranslation();
  return (
    <li className="office-person">
      <span className="row">
        {person.name}
        {person.convenor ? (
          <span className="chip" data-tone="accent">
            {t("office.convenor")}
          </span>
        ) : null}
      </span>
      {may ? (
        <Menu
          label={t("office.actions_for", { name: person.name })}
          acts={[
            {
              label: person.convenor ? t("office.make_member") : t("office.make_convenor"),
              icon: "user",
              run: () => onConvenor(!person.convenor),
            },
            { label: t("office.take_out"), icon: "close", kind: "danger", run: onOut },
          ]}
        />
      ) : null}
    </li>
  );
}

interface PutInProps {
  candidates: Member[];
  onChoose: (memberId: string) => void;
}

function PutIn({ candidates, onChoose }: PutInProps) {
  const { t } = useTranslation();
  const [chosen, setChosen] = useState("");
  return (
    <form
      className="office-put"
      onSubmit={(event) => {
        event.preventDefault();
        onChoose(chosen);
        setChosen("");
      }}
    >
      <SelectField
        label={t("office.member_to_add")}
        value={chosen}
        required
        onChange={(event) => setChosen(event.currentTarget.value)}
      >
        <option value="">{t("office.choose_member")}</option>
        {candidates.map((member) => (
          <option key={member.id} value={member.id}>
            {member.name}
          </option>
        ))}
      </SelectField>
      <Button type="submit">{t("office.put_in")}</Button>
    </form>
  );
}
