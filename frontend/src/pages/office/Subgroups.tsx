/** The subgroups of a working group, and a field to found one. */
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { sentenceOf } from "../../api/client";
import { makeSubgroup } from "../../api/groups";
import type { Member, Subgroup } from "../../api/shapes";
import { keys, useAct } from "../../shell/queries";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { Empty, Notice } from "../../ui/Notice";
import { SubgroupCard } from "./SubgroupCard";

interface SubgroupsProps {
  groupId: string;
  subgroups: Subgroup[];
  members: Member[];
  may: boolean;
}

export function Subgroups({ groupId, subgroups, members, may }: SubgroupsProps) {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const make = useAct(() => makeSubgroup(groupId, name), [keys.group(groupId)]);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    await make.mutateAsync(undefined).then(
      () => setName(""),
      () => undefined,
    );
  }

  return (
    <section className="stack" aria-labelledby="subgroups">
      <h2 id="subgroups">{t("office.subgroups")}</h2>
      {subgroups.length === 0 ? (
        <div className="card">
          <Empty icon="group" title={t("office.no_subgroups_title")}>
            {t("office.no_subgroups")}
          </Empty>
        </div>
      ) : null}
      {subgroups.map((subgroup) => (
        <SubgroupCard
          key={subgroup.id}
          groupId={groupId}
          subgroup={subgroup}
          members={members}
          may={may}
        />
      ))}
      {may ? (
        <form className="card stack" onSubmit={(event) => void submit(event)}>
          {make.error ? <Notice tone="danger">{sentenceOf(make.error)}</Notice> : null}
          <TextField
            label={t("office.subgroup_name")}
            required
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
          />
          <div>
            <Button icon="add" type="submit" busy={make.isPending}>
              {t("office.add_subgroup")}
            </Button>
          </div>
        </form>
      ) : null}
    </section>
  );
}
