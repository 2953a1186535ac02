/** The open meeting as a delegate sees it: what is on the floor, in the live text of its section. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Report } from "../../api/shapes";
import type { DocumentEditor } from "../../document/api";
import type { LiveDocument } from "../../live/liveDocument";
import type { MeetingView, ReportView } from "../../live/reportView";
import { StateChip } from "../../shell/Marks";
import { navigate } from "../../shell/router";
import { SectionList } from "../../shell/SectionList";
import { Text } from "../../shell/writing/Text";
import { Button } from "../../ui/Button";
import type { Place } from "./follow";
import { Strip } from "./Strip";
import { useFollow } from "./useFollow";

interface HallProps {
  report: Report;
  view: ReportView;
  meeting: MeetingView;
  place: Place;
  live: LiveDocument | null;
  /** The member chose this section; it need not be the one of the floor. */
  isRoaming: boolean;
}

export function Hall({ report, view, meeting, place, live, isRoaming }: HallProps) {
  const { t } = useTranslation();
  const [editor, setEditor] = useState<DocumentEditor | null>(null);
  const { isFollowing, back } = useFollow(editor, place.paragraphId);
  const section = report.sections.find(({ id }) => id === place.sectionId);
  const home = `/reports/${report.id}/meeting`;
  const isAway = meeting.floor !== null && (!isFollowing || (isRoaming && !place.paragraphId));

  function backToFloor(): void {
    if (isRoaming) navigate(home);
    back();
  }

  return (
    <>
      <Strip report={report} meeting={meeting} />
      <div className="draft meeting">
        <SectionList
          sections={view.sections}
          shownId={place.sectionId}
          addressOf={(id) => `${home}?section=${id}`}
        />
        <article className="draft-page">
          {section ? (
            <>
              <header className="draft-head">
                <h2 className="meeting-section">
                  {[section.number, section.title].filter(Boolean).join(" ")}
                </h2>
                <StateChip state={section.state} />
              </header>
              {live ? (
                <Text
                  key={section.id}
                  section={section}
                  live={live}
                  view={view}
                  onEditor={setEditor}
                />
              ) : null}
            </>
          ) : null}
        </article>
      </div>
      {isAway ? (
        <div className="meeting-back">
          <Button kind="primary" icon="screen" onClick={backToFloor}>
            {t("meeting.back", { label: meeting.floor?.label ?? "" })}
          </Button>
        </div>
      ) : null}
    </>
  );
}
