/** Where the meeting is: label, status, state, counts and gauge, always in sight. */
import { useTranslation } from "react-i18next";
import { HallGauge } from "../../hall/HallGauge";
import type { MeetingView, ReportView } from "../../live/reportView";
import { PAINTED_ICON } from "../../reading/ReadingBlock";
import { StatusMark } from "../../shell/Marks";
import { useSecondsUsed } from "../../shell/meetingTime";
import { Icon } from "../../ui/Icon";

interface RoomBarProps {
  view: ReportView;
  meeting: MeetingView;
}

export function RoomBar({ view, meeting }: RoomBarProps) {
  const { t } = useTranslation();
  const used = useSecondsUsed(meeting);
  const { floor } = meeting;
  const status = floor ? view.statuses[floor.paragraph_id]?.status : undefined;
  return (
    <header className="room-bar">
      <p className="room-label">
        <bdi>{floor?.label || "–"}</bdi>
      </p>
      <div className="room-where">
        <p className="room-statuses">
          {floor ? <StatusMark status="floor" /> : <span>{t("hall.no_floor")}</span>}
          {status ? <StatusMark status={status} /> : null}
        </p>
        <p className="small soft room-meeting">
          <bdi>{meeting.title}</bdi>
          {" · "}
          {t("hall.reading", { count: meeting.reading, ordinal: true })}
          {" · "}
          {t(`hall.state_${meeting.state}`)}
        </p>
      </div>
      <Counts meeting={meeting} />
      <HallGauge facts={meeting.gauge} usedS={used} />
      <p className="visually-hidden" role="status">
        {floor
          ? t("hall.said", { label: floor.label, status: status ? t(`status.${status}`) : "" })
          : t("hall.no_floor")}{" "}
        {t(`hall.state_${meeting.state}`)}
      </p>
    </header>
  );
}

const COUNTED = ["agreed", "bracketed", "parked"] as const;

function Counts({ meeting }: { meeting: MeetingView }) {
  const { t } = useTranslation();
  return (
    <dl className="room-counts">
      {COUNTED.map((status) => (
        <div key={status} className="status" data-status={status}>
          <dt>
            <Icon name={PAINTED_ICON[status]} />
            <span>{t(`status.${status}`)}</span>
          </dt>
          <dd>{meeting.counts[status]}</dd>
        </div>
      ))}
    </dl>
  );
}
