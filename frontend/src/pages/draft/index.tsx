/** The draft: one section's live text, with its outline, its people and its state beside it. */
import { useTranslation } from "react-i18next";
import type { Desk } from "../../api/shapes";
import type { LiveDocument } from "../../live/liveDocument";
import { Await, Failure } from "../../shell/Failure";
import { Frame } from "../../shell/Frame";
import { useLiveDocument, useObservable } from "../../shell/live";
import type { PageProps } from "../../shell/path";
import { useDesk } from "../../shell/queries";
import { useReportLive } from "../../shell/reportLive";
import { usePageTitle } from "../../shell/router";
import { SavePill } from "../../shell/SavePill";
import { SectionList } from "../../shell/SectionList";
import { Text } from "../../shell/writing/Text";
import { Facts } from "./Facts";
import "../../styles/draft.css";

const CONNECTING = { kind: "connecting" } as const;

export default function Draft({ params }: PageProps) {
  const { reportId = "", sectionId = "" } = params;
  const desk = useDesk(reportId);
  const live = useLiveDocument(reportId, sectionId);
  const state = useObservable(live?.state, CONNECTING);
  return (
    <Frame report={desk.data?.report} aside={<SavePill state={state} />} width="full">
      <Await of={desk}>
        {(loaded) => <Open key={sectionId} desk={loaded} sectionId={sectionId} live={live} />}
      </Await>
    </Frame>
  );
}

interface OpenProps {
  desk: Desk;
  sectionId: string;
  live: LiveDocument | null;
}

function Open({ desk, sectionId, live }: OpenProps) {
  const { t } = useTranslation();
  const { view, presence } = useReportLive(desk.report.id);
  const section = desk.sections.find(({ id }) => id === sectionId);
  const heading = usePageTitle(section?.title ?? t("failure.not_found_title"));
  if (!section) return <Failure error={null} missing />;
  return (
    <div className="draft">
      <SectionList
        sections={desk.sections}
        shownId={sectionId}
        addressOf={(id) => `/reports/${desk.report.id}/sections/${id}`}
      />
      <Facts section={section} present={(presence ?? desk.present)[sectionId] ?? []} />
      <article className="draft-page">
        <header className="draft-head">
          <p className="small soft">{desk.report.title}</p>
          <h1 {...heading}>
            <bdi>
              {section.number ? <span className="soft">{section.number} </span> : null}
              {section.title}
            </bdi>
          </h1>
        </header>
        {live ? <Text section={section} live={live} view={view} /> : null}
      </article>
    </div>
  );
}
