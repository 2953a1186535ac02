/** Looking back at a section: its timeline, its text at a moment, what changed, restoring. */
import { useTranslation } from "react-i18next";
import type { Report, Section } from "../../api/shapes";
import { Await, Failure } from "../../shell/Failure";
import { Frame } from "../../shell/Frame";
import type { PageProps } from "../../shell/path";
import { useReport } from "../../shell/queries";
import { useReportLive } from "../../shell/reportLive";
import { Link, usePageTitle } from "../../shell/router";
import { Empty } from "../../ui/Notice";
import { Past } from "./Past";
import { useTimeline } from "./useTimeline";
import "../../styles/reading.css";
import "../../styles/history.css";
import "../../styles/timeline.css";

export default function History({ params }: PageProps) {
  const { reportId = "", sectionId = "" } = params;
  const report = useReport(reportId);
  return (
    <Frame report={report.data} width="full">
      <Await of={report}>
        {(loaded) => {
          const section = loaded.sections.find(({ id }) => id === sectionId);
          if (!section) return <Failure error={null} missing />;
          return <Open key={sectionId} report={loaded} section={section} />;
        }}
      </Await>
    </Frame>
  );
}

function Open({ report, section }: { report: Report; section: Section }) {
  const { t } = useTranslation();
  const heading = usePageTitle(t("history.title", { title: section.title }));
  const { view } = useReportLive(report.id);
  const seen = view?.sections.find(({ id }) => id === section.id);
  const timeline = useTimeline(section.id, seen?.head_seq);
  return (
    <Await of={timeline.asked}>
      {() =>
        timeline.moments.length === 0 ? (
          <div className="history-none">
            <h1 {...heading}>{t("history.title", { title: section.title })}</h1>
            <Empty
              icon="history"
              title={t("history.none_title")}
              action={
                <Link className="button" to={`/reports/${report.id}/sections/${section.id}`}>
                  {t("history.back")}
                </Link>
              }
            >
              {t("history.none")}
            </Empty>
          </div>
        ) : (
          <Past
            report={report}
            section={section}
            timeline={timeline}
            statuses={view?.statuses ?? {}}
            heading={heading}
          />
        )
      }
    </Await>
  );
}
