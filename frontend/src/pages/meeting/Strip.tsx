/** The meeting in one line: title, reading, what is on the floor, counts, who holds the pen. */
import { useTranslation } from "react-i18next";
import type { Report } from "../../api/shapes";
import { HallGauge } from "../../hall/HallGauge";
import type { MeetingView } from "../../live/reportView";
import { StatusMark } from "../../shell/Marks";
import { useSecondsUsed } from "../../shell/meetingTime";
import { rolesIn, useMember } from "../../shell/member";
import { Link } from "../../shell/router";
import { Icon } from "../../ui/Icon";

export function Strip({ report, meeting }: { report: Report; meeting: MeetingView }) {
  const { t } = useTranslation();
  const me = useMember();
  const used = useSecondsUsed(meeting);
  const roles = rolesIn(me, report.working_group.id);
  const leads = roles.includes("chair") || roles.includes("secretariat");
  const { floor, pen, counts } = meeting;
  const hasPen = pen?.member_id === me.id;
  return (
    <section className="meeting-strip" aria-label={meeting.title}>
      <div>
        <p className="meeting-title">
          <bdi>{meeting.title}</bdi>
        </p>
        <p className="small soft">
          {t("hall.reading", { count: meeting.reading, ordinal: true })} ·{" "}
          {t(`hall.state_${meeting.state}`)}
        </p>
      </div>
      <p className="meeting-floor" aria-live="polite">
        {floor ? (
          <>
            <StatusMark status="floor" />
            <strong>{t("desk.paragraph", { label: floor.label })}</strong>
          </>
        ) : (
          <span className="soft">{t("hall.no_floor")}</span>
        )}
      </p>
      <p className="small meeting-counts">
        <span>{t("meeting.agreed", { count: counts.agreed })}</span>
        <span>{t("meeting.bracketed", { count: counts.bracketed })}</span>
        <span>{t("meeting.parked", { count: counts.parked })}</span>
        <span>{t("meeting.open", { count: counts.open })}</span>
      </p>
      <HallGauge facts={meeting.gauge} usedS={used} />
      {pen ? (
        <p className="chip" data-tone={hasPen ? "accent" : undefined}>
          <Icon name="edit" />
          {hasPen ? t("meeting.pen_mine") : t("meeting.pen", { name: pen.name })}
        </p>
      ) : null}
      {leads ? (
        <Link className="button" to={`/reports/${report.id}/podium`}>
          {t("meeting.to_podium")}
        </Link>
      ) : null}
    </section>
  );
}
