/** What can be done with a moment: give it a name, or restore its text. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { sentenceOf } from "../../api/client";
import { nameRevision, type Restored } from "../../api/revisions";
import type { Report, Section } from "../../api/shapes";
import type { StatusView } from "../../live/reportView";
import { rolesIn, useMember } from "../../shell/member";
import { keys, useAct } from "../../shell/queries";
import { Button } from "../../ui/Button";
import { Notice } from "../../ui/Notice";
import { Rename } from "../../ui/Rename";
import { RestoreDialog } from "./RestoreDialog";

interface ActsProps {
  report: Report;
  section: Section;
  at: number;
  head: number;
  when: string;
  statuses: Readonly<Record<string, StatusView>>;
  onRestored: (restored: Restored) => void;
}

export function Acts({ report, section, at, head, when, statuses, onRestored }: ActsProps) {
  const { t } = useTranslation();
  const roles = rolesIn(useMember(), report.working_group.id);
  const [asking, setAsking] = useState<"name" | "restore" | null>(null);
  const name = useAct(
    (wish: string) => nameRevision(section.id, wish, at),
    [["timeline", section.id], keys.revisions(section.id)],
  );
  const mayName = roles.some((role) => ["chair", "secretariat", "convenor"].includes(role));
  const mayRestore = roles.some((role) => ["secretariat", "convenor", "member"].includes(role));
  const isPast = at < head;
  if (!mayName && !(mayRestore && isPast)) return null;
  return (
    <div className="history-acts">
      {mayName ? (
        <Button icon="flag" busy={name.isPending} onClick={() => setAsking("name")}>
          {t("history.name")}
        </Button>
      ) : null}
      {mayRestore && isPast && section.may.write ? (
        <Button icon="history" onClick={() => setAsking("restore")}>
          {t("history.restore")}
        </Button>
      ) : null}
      {mayRestore && isPast && !section.may.write ? (
        <p className="small soft">
          {t("history.not_writer", { reason: section.may.why_not_write })}
        </p>
      ) : null}
      {name.error ? <Notice tone="danger">{sentenceOf(name.error)}</Notice> : null}
      {name.data ? (
        <Notice tone="good">{t("history.named", { name: name.data.name })}</Notice>
      ) : null}
      {asking === "name" ? (
        <Rename
          title={t("history.name_title", { when })}
          label={t("history.name_field")}
          value=""
          words={{ save: t("history.name"), cancel: t("app.cancel"), close: t("app.close") }}
          onSave={(wish) => name.mutate(wish)}
          onClose={() => setAsking(null)}
        />
      ) : null}
      {asking === "restore" ? (
        <RestoreDialog
          section={section}
          at={at}
          head={head}
          when={when}
          statuses={statuses}
          onRestored={onRestored}
          onClose={() => setAsking(null)}
        />
      ) : null}
    </div>
  );
}
