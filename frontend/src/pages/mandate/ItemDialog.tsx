/** A new mandate item, or the text of one that exists. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { sentenceOf } from "../../api/client";
import { addMandateItem, changeMandateItem } from "../../api/reports";
import type { MandateItem } from "../../api/shapes";
import { keys, useAct } from "../../shell/queries";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { TextArea } from "../../ui/Field";
import { Notice } from "../../ui/Notice";

interface ItemDialogProps {
  reportId: string;
  item?: MandateItem;
  onClose: () => void;
}

export function ItemDialog({ reportId, item, onClose }: ItemDialogProps) {
  const { t } = useTranslation();
  const [text, setText] = useState(item?.text ?? "");
  const save = useAct(
    () => (item ? changeMandateItem(item.id, text) : addMandateItem(reportId, text)),
    [keys.desk(reportId)],
  );
  return (
    <Dialog
      title={item ? t("mandate.edit_title", { number: item.number }) : t("mandate.add_title")}
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
        <TextArea
          label={t("mandate.text")}
          required
          autoFocus
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <div className="dialog-actions">
          <Button onClick={onClose}>{t("app.cancel")}</Button>
          <Button kind="primary" type="submit" busy={save.isPending}>
            {t("app.save")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
