/** The list of the podium's keys, and whether single letters count among them. */
import { useTranslation } from "react-i18next";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { Check } from "../../ui/Field";
import { KEYS_OF } from "./podiumKeys";

interface KeyHelpProps {
  hasLetters: boolean;
  onLetters: (on: boolean) => void;
  onClose: () => void;
}

export function KeyHelp({ hasLetters, onLetters, onClose }: KeyHelpProps) {
  const { t } = useTranslation();
  return (
    <Dialog title={t("podium.keys")} closeLabel={t("app.close")} onClose={onClose}>
      <p className="soft">{t("podium.keys_lead")}</p>
      <table className="key-table">
        <thead>
          <tr>
            <th scope="col">{t("podium.keys_act")}</th>
            <th scope="col">{t("podium.keys_letter")}</th>
            <th scope="col">{t("podium.keys_always")}</th>
          </tr>
        </thead>
        <tbody>
          {KEYS_OF.map(({ act, letter, chord }) => (
            <tr key={act}>
              <th scope="row">{t(`podium.act.${act}`)}</th>
              <td>{hasLetters ? <kbd>{letter}</kbd> : null}</td>
              <td>{chord ? <kbd>{chord}</kbd> : null}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <Check label={t("podium.keys_letters")} checked={hasLetters} onChange={onLetters} />
      <div className="dialog-actions">
        <Button kind="primary" data-first onClick={onClose}>
          {t("app.close")}
        </Button>
      </div>
    </Dialog>
  );
}
