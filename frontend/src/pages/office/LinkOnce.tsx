/** Shows a one-time link, which the server gives only this once. */
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/Button";
import { Copyable } from "../../ui/Copyable";
import { Dialog } from "../../ui/Dialog";

interface LinkOnceProps {
  name: string;
  /** None for somebody who can sign in already. */
  link: string | null;
  onClose: () => void;
}

export function LinkOnce({ name, link, onClose }: LinkOnceProps) {
  const { t } = useTranslation();
  const title = link ? t("office.link_title", { name }) : t("office.invited_title", { name });
  return (
    <Dialog title={title} closeLabel={t("app.close")} onClose={onClose}>
      <p>{link ? t("office.link_lead", { name }) : t("office.invited_no_link", { name })}</p>
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
