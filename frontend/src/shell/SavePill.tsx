/** Always in sight beside a text: whether it is saved, or can be at all. */
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
  unsaved: { icon: "warning", tone: "danger" },
  offline: { icon: "offline", tone: "danger" },
  stale: { icon: "history", tone: "warning" },
  damaged: { icon: "warning", tone: "danger" },
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
