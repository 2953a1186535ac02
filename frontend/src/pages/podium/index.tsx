/** The podium: where chair and operator lead the meeting. Others are shown the way to the room. */
import { useTranslation } from "react-i18next";
import type { Report } from "../../api/shapes";
import { Await } from "../../shell/Failure";
import { Frame } from "../../shell/Frame";
import { rolesIn, useMember } from "../../shell/member";
import type { PageProps } from "../../shell/path";
import { useReport } from "../../shell/queries";
import { useReportLive } from "../../shell/reportLive";
import { Link, usePageTitle } from "../../shell/router";
import { Empty, Skeleton } from "../../ui/Notice";
import { Bench } from "./Bench";
import { NoMeeting } from "./NoMeeting";
import { rightsOf } from "./rights";
import "../../styles/reading.css";
import "../../styles/screen.css";
import "../../styles/gauge.css";
import "../../styles/podium.css";
import "../../styles/podium-acts.css";

export default function Podium({ params }: PageProps) {
  const report = useReport(params.reportId ?? "");
  return (
    <Frame report={report.data} width="full">
      <Await of={report}>{(loaded) => <Open report={loaded} />}</Await>
    </Frame>
  );
}

function Open({ report }: { report: Report }) {
  const { t } = useTranslation();
  const heading = usePageTitle(t("podium.title"));
  const rights = rightsOf(rolesIn(useMember(), report.working_group.id));
  const { view, state } = useReportLive(report.id);
  if (!rights.isAtPodium) {
    return (
      <Empty
        icon="lock"
        title={t("podium.no_right_title")}
        action={
          <Link className="button" data-kind="primary" to={`/reports/${report.id}/meeting`}>
            {t("desk.follow")}
          </Link>
        }
      >
        {t("podium.no_right")}
      </Empty>
    );
  }
  if (state === "denied") return <Empty icon="lock" title={t("failure.not_found_title")} />;
  return (
    <>
      <h1 className="visually-hidden" {...heading}>
        {t("podium.title")}
      </h1>
      {view ? null : (
        <div className="podium-wait">
          <Skeleton lines={8} label={t("app.loading")} />
        </div>
      )}
      {view && !view.meeting ? <NoMeeting report={report} view={view} rights={rights} /> : null}
      {view?.meeting ? (
        <Bench
          report={report}
          view={view}
          meeting={view.meeting}
          rights={rights}
          isLive={state === "live"}
        />
      ) : null}
    </>
  );
}
