/** The meeting on a member's own device: it follows the floor, or its member roams the report. */
import { useTranslation } from "react-i18next";
import type { Report } from "../../api/shapes";
import { Await } from "../../shell/Failure";
import { Frame } from "../../shell/Frame";
import { useLiveDocument, useObservable } from "../../shell/live";
import { rolesIn, useMember } from "../../shell/member";
import type { PageProps } from "../../shell/path";
import { useReport } from "../../shell/queries";
import { type ReportLive, useReportLive } from "../../shell/reportLive";
import { Link, usePageTitle, useQueryValue } from "../../shell/router";
import { SavePill } from "../../shell/SavePill";
import { Empty, Skeleton } from "../../ui/Notice";
import { placeOf } from "./follow";
import { Hall } from "./Hall";
import "../../styles/draft.css";
import "../../styles/meeting.css";

const CONNECTING = { kind: "connecting" } as const;

export default function Meeting({ params }: PageProps) {
  const { t } = useTranslation();
  const reportId = params.reportId ?? "";
  const report = useReport(reportId);
  const channel = useReportLive(reportId);
  const chosen = useQueryValue("section");
  const { view } = channel;
  const place = view?.meeting ? placeOf(view, chosen) : null;
  const live = useLiveDocument(reportId, place?.sectionId ?? null);
  const state = useObservable(live?.state, CONNECTING);
  const heading = usePageTitle(t("meeting.title"));
  return (
    <Frame
      report={report.data}
      aside={live ? <SavePill state={state} /> : null}
      width={place ? "full" : "measure"}
    >
      <h1 className="visually-hidden" {...heading}>
        {t("meeting.title")}
      </h1>
      <Await of={report}>
        {(loaded) =>
          view?.meeting && place ? (
            <Hall
              report={loaded}
              view={view}
              meeting={view.meeting}
              place={place}
              live={live}
              isRoaming={chosen !== null}
            />
          ) : (
            <NoMeeting report={loaded} channel={channel} />
          )
        }
      </Await>
    </Frame>
  );
}

function NoMeeting({ report, channel }: { report: Report; channel: ReportLive }) {
  const { t } = useTranslation();
  const isChair = rolesIn(useMember(), report.working_group.id).includes("chair");
  if (!channel.view) return <Skeleton lines={6} label={t("app.loading")} />;
  return (
    <Empty
      icon="screen"
      title={t("meeting.none_title")}
      action={
        isChair ? (
          <Link className="button" data-kind="primary" to={`/reports/${report.id}/podium`}>
            {t("meeting.to_podium")}
          </Link>
        ) : undefined
      }
    >
      {isChair ? t("meeting.none_chair") : t("meeting.none")}
    </Empty>
  );
}
