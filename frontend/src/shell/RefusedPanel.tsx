/** Words that the server did not take: shown until their author has copied or let go of them. */
import { useTranslation } from "react-i18next";
import type { LiveDocument } from "../live/liveDocument";
import { Button } from "../ui/Button";
import { CopyButton } from "../ui/Copyable";
import { Notice } from "../ui/Notice";
import { useObservable } from "./live";

export function RefusedPanel({ live }: { live: LiveDocument }) {
  const { t } = useTranslation();
  const refused = useObservable(live.refused, null);
  if (!refused) return null;
  return (
    <Notice tone="danger">
      <div className="stack-tight">
        <strong>{t("live.refused_title")}</strong>
        <p>{t("live.refused_lead", { reason: refused.reason })}</p>
        <textarea
          className="input"
          readOnly
          rows={Math.min(8, refused.words.split("\n").length + 1)}
          value={refused.words}
          aria-label={t("live.refused_words")}
        />
        <div className="row">
          <CopyButton value={refused.words} copy={t("app.copy")} copied={t("app.copied")} />
          <Button onClick={() => live.dismissRefused()}>{t("live.refused_done")}</Button>
        </div>
      </div>
    </Notice>
  );
}
