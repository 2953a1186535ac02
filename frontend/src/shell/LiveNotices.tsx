/** What stands over a live text whenever it is not simply live: why, and what to do now. */
import { useTranslation } from "react-i18next";
import type { LiveDocument } from "../live/liveDocument";
import type { LiveState } from "../live/saving";
import { Button } from "../ui/Button";
import { Empty, Notice } from "../ui/Notice";
import { useObservable } from "./live";

/** `writable`: whether the member writes here while there is a line. */
export function LiveNotice({ state, writable }: { state: LiveState; writable: boolean }) {
  const { t } = useTranslation();
  switch (state.kind) {
    case "offline":
      return (
        <Notice tone="warning" icon="offline">
          <strong>{t("live.offline_title")}</strong>{" "}
          {writable ? t("live.offline_detail") : t("live.offline_reading")}
        </Notice>
      );
    case "unsaved":
      return (
        <Notice tone="danger">
          <strong>{t("live.unsaved_title")}</strong> {state.reason} {t("live.unsaved_detail")}
        </Notice>
      );
    case "damaged":
      return (
        <Notice tone="danger">
          {state.reason} {t("live.damaged_detail")}
        </Notice>
      );
    default:
      return null;
  }
}

/** Stays until it was read: the words on the page have changed under the reader's eyes. */
export function ResyncedNotice({ live }: { live: LiveDocument }) {
  const { t } = useTranslation();
  if (!useObservable(live.resynced, false)) return null;
  return (
    <Notice tone="warning" icon="history">
      <div className="stack-tight">
        <p>
          <strong>{t("live.resynced_title")}</strong> {t("live.resynced_detail")}
        </p>
        <div className="row">
          <Button onClick={() => live.dismissResynced()}>{t("live.resynced_done")}</Button>
        </div>
      </div>
    </Notice>
  );
}

/** In the place of a text that the server does not open for this member, or not now. */
export function Denied({ reason, live }: { reason: string; live: LiveDocument | null }) {
  const { t } = useTranslation();
  return (
    <Empty
      icon="lock"
      title={t("draft.denied_title")}
      action={<Button onClick={() => live?.renew()}>{t("app.try_again")}</Button>}
    >
      {reason}
    </Empty>
  );
}
