/** The room on a member's own device: where the meeting is, the text, and the way back to it. */
import { useReducer } from "react";
import { useTranslation } from "react-i18next";
import type { Report } from "../../api/shapes";
import { NotLive } from "../../hall/HallTop";
import type { ChannelState } from "../../live/reportChannel";
import type { MeetingView, ReportView } from "../../live/reportView";
import { useNotLiveSince } from "../../shell/meetingTime";
import { Button } from "../../ui/Button";
import { Notice } from "../../ui/Notice";
import { IN_THE_ROOM, reduceFollow, sectionShown } from "./follow";
import { RoomBar } from "./RoomBar";
import { RoomOutline } from "./RoomOutline";
import { RoomText } from "./RoomText";

interface RoomProps {
  report: Report;
  view: ReportView;
  meeting: MeetingView;
  channel: ChannelState;
}

export function Room({ report, view, meeting, channel }: RoomProps) {
  const { t } = useTranslation();
  const [follow, tell] = useReducer(reduceFollow, IN_THE_ROOM);
  const since = useNotLiveSince(channel);
  const sectionId = sectionShown(view, follow);
  const isRoaming = follow.mode === "roam";
  return (
    <div className="room hall-colours">
      <div className="room-top">
        <RoomBar view={view} meeting={meeting} />
        {since === null ? null : (
          <div className="room-not-live">
            <NotLive since={since} zone={view.zone} />
          </div>
        )}
      </div>
      <div className="room-bench">
        <RoomOutline
          view={view}
          sectionId={sectionId}
          onChoose={(chosen) => tell({ type: "chose", sectionId: chosen })}
        />
        <div className="room-page">
          {meeting.state === "suspended" ? (
            <Notice tone="warning">
              {meeting.floor
                ? t("meeting.suspended_at", { label: meeting.floor.label })
                : t("hall.suspended")}
            </Notice>
          ) : null}
          {sectionId ? (
            <RoomText
              key={sectionId}
              reportId={report.id}
              view={view}
              sectionId={sectionId}
              isFollowing={!isRoaming}
              onWander={() => tell({ type: "wandered", sectionId })}
            />
          ) : null}
        </div>
      </div>
      {isRoaming ? (
        <div className="room-back">
          <p className="small">{t("meeting.roaming")}</p>
          <Button kind="primary" icon="back" onClick={() => tell({ type: "back" })}>
            {meeting.floor
              ? t("meeting.back_to", { label: meeting.floor.label })
              : t("meeting.back")}
          </Button>
        </div>
      ) : null}
    </div>
  );
}
