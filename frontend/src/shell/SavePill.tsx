/** Always in sight beside a text: saved, saving, offline, or why not. */
import { useTranslation } from "react-i18next";
import type { LiveState } from "../live/saving";
import { Icon, type IconName } from "../ui/Icon";

interface Looks {
  icon: IconName;
  tone: string;
}

const LOOKS: Record<LiveState["kind"], Looks> = {
  connecting: { icon: "link", tone: "neutral" },
  saved: { icon: "check", tone: "good" },
  reading: { icon: "check", tone: "good" },
  saving: { icon: "up", tone: "accent" },
  unsaved: { icon: "lock", tone: "danger" },
  offline: { icon: "offline", tone: "danger" },
  stale: { icon: "history", tone: "warning" },
  denied: { icon: "lock", tone: "warning" },
};

export function SavePill({ state }: { state: LiveState }) {
  const { t } = useTranslation();
  const { icon, tone } = LOOKS[state.kind];
  return (
    <span className="chip save-pill" data-tone={tone} data-state={state.kind} role="status">
      <Icon name={icon} />
      {t(`live.${state.kind}`)}
    </span>
  );
}

/** The sentence that stands over the text while the line is gone. */
export function OfflineSentence({ state, writable }: { state: LiveState; writable: boolean }) {
  const { t } = useTranslation();
  if (state.kind !== "offline") return null;
  return <>{writable ? t("live.offline_detail") : t("live.offline_reading")}</>;
}
