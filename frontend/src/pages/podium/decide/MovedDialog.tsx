/** The text moved before the decision was made: both texts, and nothing is decided. */
import { useTranslation } from "react-i18next";
import type { Block } from "../../../reading/block";
import { ReadingBlock } from "../../../reading/ReadingBlock";
import { Button } from "../../../ui/Button";
import { Dialog } from "../../../ui/Dialog";
import { Notice } from "../../../ui/Notice";
import type { Shown } from "./shown";

interface MovedDialogProps {
  seen: Shown;
  current: Block;
  onAgain: () => void;
  onClose: () => void;
}

export function MovedDialog({ seen, current, onAgain, onClose }: MovedDialogProps) {
  const { t } = useTranslation();
  return (
    <Dialog title={t("podium.moved_title")} closeLabel={t("app.close")} onClose={onClose}>
      <Notice tone="warning">{t("podium.moved_lead")}</Notice>
      <div className="podium-moved">
        <section className="stack-tight">
          <h3>{t("podium.moved_seen")}</h3>
          <div className="podium-asked">
            <ReadingBlock block={seen.block} />
          </div>
        </section>
        <section className="stack-tight">
          <h3>{t("podium.moved_now")}</h3>
          <div className="podium-asked">
            <ReadingBlock block={asNumbered(current, seen.block)} />
          </div>
        </section>
      </div>
      <div className="dialog-actions">
        <Button onClick={onClose}>{t("app.cancel")}</Button>
        <Button kind="primary" data-first onClick={onAgain}>
          {t("podium.read_again")}
        </Button>
      </div>
    </Dialog>
  );
}

/** The server counts a lone paragraph's footnotes from 1; here they go on as they are shown. */
function asNumbered(current: Block, shown: Block): Block {
  const first = shown.runs.find(({ fn }) => fn !== undefined)?.fn ?? 1;
  const runs = current.runs.map((run) =>
    run.fn === undefined ? run : { ...run, fn: run.fn + first - 1 },
  );
  return { ...current, label: shown.label, runs };
}
