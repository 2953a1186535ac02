/** The outline: walked by arrow keys; the secretariat adds, nests and reorders, by drag and by keys. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { sentenceOf } from "../../api/client";
import { dropSection, moveSection } from "../../api/reports";
import type { Desk, DeskSection, PresentMember } from "../../api/shapes";
import { isSecretariat, useMember } from "../../shell/member";
import { keys, useAct } from "../../shell/queries";
import { StateDialog } from "../../shell/StateDialog";
import { Button } from "../../ui/Button";
import { Confirm } from "../../ui/Confirm";
import { Empty, Notice } from "../../ui/Notice";
import { type Dialogs, OutlineRow } from "./OutlineRow";
import { childrenOf, moved, type Place } from "./outline";
import { SectionDialog } from "./SectionDialog";
import { useOutlineKeys } from "./useOutlineKeys";

interface OutlineProps {
  desk: Desk;
  presence: Record<string, PresentMember[]>;
}

export function Outline({ desk, presence }: OutlineProps) {
  const { t } = useTranslation();
  const [dialog, setDialog] = useState<Dialogs | null>(null);
  const { sections, move, error, said } = useOutline(desk);
  const remove = useAct(dropSection, [keys.desk(desk.report.id)]);
  const walk = useOutlineKeys(sections, move);
  const mayEdit = isSecretariat(useMember(), desk.report.working_group.id);
  const failed = error ?? remove.error;

  const branch = (parentId: string | null) => {
    const nodes = childrenOf(sections, parentId);
    if (nodes.length === 0) return null;
    return (
      <ol className="plain-list outline-branch">
        {nodes.map((section) => (
          <OutlineRow
            key={section.id}
            section={section}
            sections={sections}
            present={presence[section.id] ?? []}
            onMove={move}
            onOpen={setDialog}
          >
            {branch(section.id)}
          </OutlineRow>
        ))}
      </ol>
    );
  };

  return (
    <section className="sheet outline" aria-labelledby="outline">
      <header className="outline-head">
        <div>
          <h2 id="outline">{t("desk.outline")}</h2>
          <p className="visually-hidden">{t("desk.keys_hint")}</p>
        </div>
        {mayEdit ? (
          <Button icon="add" onClick={() => setDialog({ what: "add", parent_id: null })}>
            {t("desk.add_section")}
          </Button>
        ) : null}
      </header>
      {failed ? <Notice tone="danger">{sentenceOf(failed)}</Notice> : null}
      {sections.length === 0 ? (
        <Empty title={t("desk.empty_title")}>
          {mayEdit ? t("desk.empty_editor") : t("desk.empty_reader")}
        </Empty>
      ) : (
        // biome-ignore lint/a11y/noStaticElementInteractions: the links inside are the controls; keys bubble up to here.
        <div onKeyDown={walk}>{branch(null)}</div>
      )}
      <p className="visually-hidden" aria-live="polite">
        {said}
      </p>
      <OpenDialog
        desk={desk}
        dialog={dialog}
        onClose={() => setDialog(null)}
        onRemove={(section) => remove.mutate(section.id)}
      />
    </section>
  );
}

/** The sections in the order that the member has just made, until the server has it too. */
function useOutline(desk: Desk) {
  const { t } = useTranslation();
  const [ahead, setAhead] = useState<DeskSection[] | null>(null);
  const [said, setSaid] = useState("");
  const act = useAct(
    ({ id, place }: { id: string; place: Place }) => moveSection(id, place),
    [keys.desk(desk.report.id)],
  );
  const sections = ahead ?? desk.sections;

  async function move(id: string, place: Place): Promise<void> {
    const next = moved(sections, id, place);
    setAhead(next);
    const siblings = childrenOf(next, place.parent_id);
    const title = next.find((section) => section.id === id)?.title ?? "";
    setSaid(t("desk.moved", { title, position: place.position + 1, count: siblings.length }));
    await act.mutateAsync({ id, place }).catch(() => undefined);
    setAhead(null);
  }

  return {
    sections,
    move: (id: string, place: Place) => void move(id, place),
    error: act.error,
    said,
  };
}

interface OpenDialogProps {
  desk: Desk;
  dialog: Dialogs | null;
  onClose: () => void;
  onRemove: (section: DeskSection) => void;
}

function OpenDialog({ desk, dialog, onClose, onRemove }: OpenDialogProps) {
  const { t } = useTranslation();
  if (!dialog) return null;
  if (dialog.what === "add") {
    return <SectionDialog report={desk.report} parentId={dialog.parent_id} onClose={onClose} />;
  }
  if (dialog.what === "settings") {
    return <SectionDialog report={desk.report} section={dialog.section} onClose={onClose} />;
  }
  if (dialog.what === "state") {
    return <StateDialog section={dialog.section} onClose={onClose} />;
  }
  return (
    <Confirm
      title={t("desk.remove_title", { title: dialog.section.title })}
      confirm={t("desk.remove_confirm")}
      cancel={t("app.cancel")}
      close={t("app.close")}
      onConfirm={() => onRemove(dialog.section)}
      onClose={onClose}
    >
      {t("desk.remove_lead")}
    </Confirm>
  );
}
