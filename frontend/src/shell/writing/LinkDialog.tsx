/** Asks where a link leads. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { TextField } from "../../ui/Field";

interface LinkDialogProps {
  address: string;
  /** Empty removes the link. */
  onSet: (address: string) => void;
  onClose: () => void;
}

/** The kinds of address that a report may point to. */
export function isAddress(address: string): boolean {
  return /^(https?:\/\/|mailto:)\S+$/iu.test(address);
}

export function LinkDialog({ address, onSet, onClose }: LinkDialogProps) {
  const { t } = useTranslation();
  const [wish, setWish] = useState(address);
  const [wrong, setWrong] = useState(false);
  function set(next: string): void {
    onClose();
    onSet(next);
  }
  return (
    <Dialog title={t("draft.link_title")} closeLabel={t("app.close")} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (isAddress(wish.trim())) set(wish.trim());
          else setWrong(true);
        }}
      >
        <TextField
          label={t("draft.link_address")}
          hint={t("draft.link_hint")}
          error={wrong ? t("draft.link_wrong") : null}
          autoFocus
          required
          dir="ltr"
          value={wish}
          onChange={(event) => setWish(event.currentTarget.value)}
        />
        <div className="dialog-actions">
          {address ? (
            <Button kind="danger" onClick={() => set("")}>
              {t("draft.link_drop")}
            </Button>
          ) : null}
          <Button onClick={onClose}>{t("app.cancel")}</Button>
          <Button kind="primary" type="submit">
            {t("draft.link_set")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
