/** The desk: the report's outline with its states, who is where, and what waits for me. */
import { useTranslation } from "react-i18next";
import type { Desk as DeskShape } from "../../api/shapes";
import { Await } from "../../shell/Failure";
import { Frame } from "../../shell/Frame";
import type { PageProps } from "../../shell/path";
import { useDesk } from "../../shell/queries";
import { useReportLive } from "../../shell/reportLive";
import { usePageTitle } from "../../shell/router";
import { MeetingCard } from "./MeetingCard";
import { Outline } from "./Outline";
import { Waits } from "./Waits";
import "../../styles/desk.css";

export default function Desk({ params }: PageProps) {
  const reportId = params.reportId ?? "";
  const desk = useDesk(reportId);
  const heading = usePageTitle(desk.data?.report.title);
  return (
    <Frame report={desk.data?.report}>
      <Await of={desk}>{(loaded) => <Open desk={loaded} heading={heading} />}</Await>
    </Frame>
  );
}

interface OpenProps {
  desk: DeskShape;
  heading: ReturnType<typeof usePageTitle>;
}

function Open({ desk, heading }: OpenProps) {
  const { t } = useTranslation();
  const { report, sections } = desk;
  const { view, presence } = useReportLive(report.id);
  const words = sections.reduce((sum, section) => sum + section.words, 0);
  return (
    <>
      <div className="page-head">
        <div>
          <p className="overline">
            {[report.working_group.name, report.symbol].filter(Boolean).join(" · ")}
          </p>
          <h1 {...heading}>
            <bdi>{report.title}</bdi>
          </h1>
          <p className="small soft">{t("desk.facts", { sections: sections.length, words })}</p>
        </div>
      </div>
      <div className="desk">
        <aside className="desk-aside stack">
          {view?.meeting ? <MeetingCard reportId={report.id} meeting={view.meeting} /> : null}
          <Waits desk={desk} />
        </aside>
        <Outline desk={desk} presence={presence ?? desk.present} />
      </div>
    </>
  );
}
