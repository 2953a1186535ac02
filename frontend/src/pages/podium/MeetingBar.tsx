/** The meeting in one line: title, reading, whether it sits, gauge; suspend, resume, close. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { HallGauge } from "../../hall/HallGauge";
import type { MeetingView } from "../../live/reportView";
import { useSecondsUsed } from "../../shell/meetingTime";
import { Button } from "../../ui/Button";
import { Confirm } from "../../ui/Confirm";
import { Icon } from "../../ui/Icon";
import type { PodiumRights } from "./rights";
import type { PodiumActs } from "./usePodium";

interface MeetingBarProps {
  meeting: MeetingView;
  acts: PodiumActs;
  rights: PodiumRights;
  onHelp: () => void;
}

export function MeetingBar({ meeting, acts, rights, onHelp }: MeetingBarProps) {
  const { t } = useTranslation();
  const used = useSecondsUsed(meeting);
  return (
    <header className="podium-bar">
      <div className="podium-meeting">
        <p className="podium-title">
          <bdi>{meeting.title}</bdi>
        </p>
        <p className="small soft">
          {t("hall.reading", { count: meeting.reading, ordinal: true })}
          {" · "}
          {t("podium.chaired", { name: meeting.chair.name })}
        </p>
      </div>
      <span className="chip" data-tone={meeting.state === "open" ? "good" : "warning"}>
        <Icon name={meeting.state === "open" ? "play" : "pause"} />
        {t(`hall.state_${meeting.state}`)}
      </span>
      <HallGauge facts={meeting.gauge} usedS={used} />
      <div className="podium-acts">
        {rights.meeting ? <StateActs meeting={meeting} acts={acts} /> : null}
        <Button kind="quiet" onClick={onHelp}>
          {t("podium.keys")} <kbd>?</kbd>
        </Button>
      </div>
    </header>
  );
}

function StateActs({ meeting, acts }: { meeting: MeetingView; acts: PodiumActs }) {
  const { t } = useTranslation();
  const [isClosing, setClosing] = useState(false);
  const isOpen = meeting.state === "open";
  return (
    <>
      <Button
        icon={isOpen ? "pause" : "play"}
        kind={isOpen ? "plain" : "primary"}
        disabled={acts.isBusy}
        onClick={() => acts.setState(isOpen ? "suspended" : "open")}
      >
        {t(isOpen ? "podium.suspend" : "podium.resume")}
      </Button>
      <Button kind="danger" disabled={acts.isBusy} onClick={() => setClosing(true)}>
        {t("podium.close")}
      </Button>
      {isClosing ? (
        <Confirm
          title={t("podium.close_title")}
          confirm={t("podium.close")}
          cancel={t("app.cancel")}
          close={t("app.close")}
          onConfirm={() => acts.setState("closed")}
          onClose={() => setClosing(false)}
        >
          {t("podium.close_lead", {
            open: meeting.counts.open,
            bracketed: meeting.counts.bracketed,
            parked: meeting.counts.parked,
          })}
        </Confirm>
      ) : null}
    </>
  );
}
