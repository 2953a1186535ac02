/** A new section, or the title, subgroup and mandate items of one that exists. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { sentenceOf } from "../../api/client";
import { addSection, changeSection } from "../../api/reports";
import type { DeskSection, ReportSummary } from "../../api/shapes";
import { keys, useAct, useReport, useSubgroups } from "../../shell/queries";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Check, SelectField, TextField } from "../../ui/Field";
import { Notice } from "../../ui/Notice";

interface SectionDialogProps {
  report: ReportSummary;
  /** The section to change; without it a new one is made under `parentId`. */
  section?: DeskSection;
  parentId?: string | null;
  onClose: () => void;
}

export function SectionDialog({ report, section, parentId = null, onClose }: SectionDialogProps) {
  const { t } = useTranslation();
  const mandate = useReport(report.id).data?.mandate_items ?? [];
  const subgroups = useSubgroups(report.working_group.id);
  const [title, setTitle] = useState(section?.title ?? "");
  const [numbered, setNumbered] = useState(section?.numbered ?? true);
  const [subgroupId, setSubgroupId] = useState(section?.subgroup?.id ?? "");
  const [items, setItems] = useState<readonly string[]>(section?.mandate_item_ids ?? []);
  const save = useAct(async () => {
    const made = section ?? (await addSection(report.id, newSection()));
    return changeSection(made.id, {
      title,
      numbered,
      subgroup_id: subgroupId || null,
      mandate_item_ids: [...items],
    });
  }, [keys.desk(report.id)]);

  function newSection() {
    return { title, parent_id: parentId, position: null, numbered };
  }

  return (
    <Dialog
      title={section ? section.title : t("desk.add_section")}
      closeLabel={t("app.close")}
      onClose={onClose}
    >
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void save.mutateAsync(undefined).then(onClose, () => undefined);
        }}
      >
        {save.error ? <Notice tone="danger">{sentenceOf(save.error)}</Notice> : null}
        <TextField
          label={t("desk.section_title")}
          required
          autoFocus
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <Check label={t("desk.numbered")} checked={numbered} onChange={setNumbered} />
        <SelectField
          label={t("desk.subgroup")}
          value={subgroupId}
          onChange={(event) => setSubgroupId(event.currentTarget.value)}
        >
          <option value="">{t("desk.no_subgroup")}</option>
          {subgroups.data?.map((subgroup) => (
            <option key={subgroup.id} value={subgroup.id}>
              {subgroup.name}
            </option>
          ))}
        </SelectField>
        {mandate.length > 0 ? (
          <fieldset className="stack-tight">
            <legend>{t("desk.mandate_items")}</legend>
            {mandate.map((item) => (
              <Check
                key={item.id}
                label={`${item.number}. ${item.text}`}
                checked={items.includes(item.id)}
                onChange={(on) =>
                  setItems(on ? [...items, item.id] : items.filter((id) => id !== item.id))
                }
              />
            ))}
          </fieldset>
        ) : null}
        <div className="dialog-actions">
          <Button onClick={onClose}>{t("app.cancel")}</Button>
          <Button kind="primary" type="submit" busy={save.isPending}>
            {section ? t("app.save") : t("app.add")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
