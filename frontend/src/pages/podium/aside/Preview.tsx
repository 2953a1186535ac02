/** What the hall screen shows at this moment, small: the same picture from the same socket. */
import { useTranslation } from "react-i18next";
import { HallScreen } from "../../../hall/HallScreen";
import { useHall, useNow } from "../../../hall/useHall";

/** The size at which a screen begins. */
const SIZE = 4.5;

export function Preview({ token }: { token: string }) {
  const { t } = useTranslation();
  const state = useHall(token);
  const now = useNow();
  return (
    <figure className="podium-preview">
      {/* Readers of the screen have the text itself beside it; its links are not to be walked through. */}
      <div className="podium-preview-glass" inert>
        <HallScreen state={state} now={now} size={SIZE} />
      </div>
      <figcaption className="small soft">{t("podium.preview")}</figcaption>
    </figure>
  );
}
