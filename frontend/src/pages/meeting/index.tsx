/** The delegate's own device: it follows the room, and lets its member read elsewhere. */
import { useTranslation } from "react-i18next";
import type { Report } from "../../api/shapes";
import { Await } from "../../shell/Failure";
import { Frame } from "../../shell/Frame";
import { rolesIn, useMember } from "../../shell/member";
import type { PageProps } from "../../shell/path";
import { useReport } from "../../shell/queries";
import { useReportLive } from "../../shell/reportLive";
import { Link, usePageTitle } from "../../shell/router";
import { Icon } from "../../ui/Icon";
import { Empty, Skeleton } from "../../ui/Notice";
import { Room } from "./Room";
import "../../styles/reading.css";
import "../../styles/screen.css";
import "../../styles/gauge.css";
import "../../styles/meeting.css";

export default function Meeting({ params }: PageProps) {
  const report = useReport(params.reportId ?? "");
  return (
    <Frame
      report={report.data}
      aside={report.data ? <PodiumLink report={report.data} /> : null}
      width="full"
    >
      <Await of={report}>{(loaded) => <Open report={loaded} />}</Await>
    </Frame>
  );
}

/** For those who lead the meeting. */
function PodiumLink({ report }: { report: Report }) {
  const { t } = useTranslation();
  const roles = rolesIn(useMember(), report.working_group.id);
  if (!roles.includes("chair") && !roles.includes("secretariat")) return null;
  return (
    <Link className="button" to={`/reports/${report.id}/podium`}>
      <Icon name="screen" />
      {t("meeting.podium")}
    </Link>
  );
}

function Open({ report }: { report: Report }) {
  const { t } = useTranslation();
  const heading = usePageTitle(t("meeting.title"));
  const { view, state } = useReportLive(report.id);
  return (
    <>
      <h1 className="visually-hidden" {...heading}>
        {t("meeting.title")}
      </h1>
      <Inside report={report} view={view} state={state} />
    </>
  );
}

type InsideProps = Pick<ReturnType<typeof useReportLive>, "view" | "state"> & { report: Report };

function Inside({ report, view, state }: InsideProps) {
  const { t } = useTranslation();
  if (state === "denied") return <Empty icon="lock" title={t("failure.not_found_title")} />;
  if (!view) {
    return (
      <div className="room-wait">
        <Skeleton lines={8} label={t("app.loading")} />
      </div>
    );
  }
  if (!view.meeting) {
    return (
      <Empty
        icon="screen"
        title={t("meeting.none_title")}
        action={
          <Link className="button" to={`/reports/${report.id}`}>
            {t("meeting.to_desk")}
          </Link>
        }
      >
        {t("meeting.none")}
      </Empty>
    );
  }
  return <Room report={report} view={view} meeting={view.meeting} channel={state} />;
}
