/** Asks before an older text is brought back, and says what will be left as it is. */
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { sentenceOf } from "../../api/client";
import { getTextAt, type Restored, restoreText } from "../../api/revisions";
import type { Section } from "../../api/shapes";
import type { StatusView } from "../../live/reportView";
import { Await } from "../../shell/Failure";
import { keys, useAct } from "../../shell/queries";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Icon } from "../../ui/Icon";
import { Notice } from "../../ui/Notice";
import { type Left, leftBy } from "./restoring";

interface RestoreDialogProps {
  section: Section;
  at: number;
  head: number;
  when: string;
  statuses: Readonly<Record<string, StatusView>>;
  onRestored: (restored: Restored) => void;
  onClose: () => void;
}

export function RestoreDialog(props: RestoreDialogProps) {
  const { section, at, head, when, statuses, onRestored, onClose } = props;
  const { t } = useTranslation();
  const left = useQuery({
    queryKey: ["left", section.id, at, head],
    queryFn: async () => {
      const [now, then] = await Promise.all([
        getTextAt(section.id, head),
        getTextAt(section.id, at),
      ]);
      const agreed = Object.entries(statuses).filter(([, { status }]) => status === "agreed");
      return leftBy(now.blocks, then.blocks, new Set(agreed.map(([id]) => id)));
    },
  });
  const restore = useAct(
    () => restoreText(section.id, at),
    [["timeline", section.id], keys.desk(section.report_id)],
  );
  async function bringBack(): Promise<void> {
    const done = await restore.mutateAsync(undefined);
    onClose();
    onRestored(done);
  }
  return (
    <Dialog
      title={t("history.restore_title", { when })}
      closeLabel={t("app.close")}
      onClose={onClose}
    >
      <p>{t("history.restore_lead")}</p>
      <Await of={left}>{(found) => <WillBeLeft left={found} />}</Await>
      {restore.error ? <Notice tone="danger">{sentenceOf(restore.error)}</Notice> : null}
      <div className="dialog-actions">
        <Button onClick={onClose}>{t("app.cancel")}</Button>
        <Button
          kind="primary"
          busy={restore.isPending}
          onClick={() => void bringBack().catch(() => undefined)}
        >
          {t("history.restore_do")}
        </Button>
      </div>
    </Dialog>
  );
}

function WillBeLeft({ left }: { left: readonly Left[] }) {
  const { t } = useTranslation();
  if (left.length === 0) return <p className="soft">{t("history.restore_none_left")}</p>;
  return (
    <div className="stack-tight">
      <p>{t("history.restore_left")}</p>
      <ul className="plain-list history-left">
        {left.map(({ id, label }) => (
          <li className="status" data-status="agreed" key={id}>
            <Icon name="check" />
            <bdi>{label || t("history.unnumbered")}</bdi>
          </li>
        ))}
      </ul>
    </div>
  );
}
