/** Says that a meeting is going on and leads to it. */
import { useTranslation } from "react-i18next";
import type { MeetingView } from "../../live/reportView";
import { StatusMark } from "../../shell/Marks";
import { Link } from "../../shell/router";

export function MeetingCard({ reportId, meeting }: { reportId: string; meeting: MeetingView }) {
  const { t } = useTranslation();
  if (meeting.state === "closed") return null;
  const said = meeting.state === "open" ? "desk.meeting_open" : "desk.meeting_suspended";
  return (
    <section className="card stack-tight desk-meeting">
      <h2>{t(said, { title: meeting.title })}</h2>
      {meeting.floor ? (
        <p className="row">
          <StatusMark status="floor" /> {t("desk.paragraph", { label: meeting.floor.label })}
        </p>
      ) : null}
      <Link className="button" data-kind="primary" to={`/reports/${reportId}/meeting`}>
        {t("desk.follow")}
      </Link>
    </section>
  );
}
