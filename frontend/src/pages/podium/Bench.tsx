/** The podium's bench: paragraphs on the left, the text in the middle, the controls on the right. */
import { useCallback, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Report } from "../../api/shapes";
import type { MeetingView, ReportView } from "../../live/reportView";
import { useLiveDocument } from "../../shell/live";
import { useLiveBlocks } from "../../shell/liveBlocks";
import { Button } from "../../ui/Button";
import { Empty, Notice } from "../../ui/Notice";
import { Aside } from "./aside/Aside";
import { useShown } from "./decide/useShown";
import { Middle } from "./floor/Middle";
import { KeyHelp } from "./KeyHelp";
import { List } from "./list/List";
import { useSectionRows } from "./list/useTexts";
import { type Looking, placeOf } from "./looking";
import { MeetingBar } from "./MeetingBar";
import type { PodiumRights } from "./rights";
import { type Question, usePodium } from "./usePodium";
import { usePodiumKeys } from "./usePodiumKeys";

interface BenchProps {
  report: Report;
  view: ReportView;
  meeting: MeetingView;
  rights: PodiumRights;
  /** The report's channel is live. */
  isLive: boolean;
}

export function Bench({ report, view, meeting, rights, isLive }: BenchProps) {
  const { t } = useTranslation();
  const [looking, setLooking] = useState<Looking | null>(null);
  const [question, ask] = useState<Question | null>(null);
  const place = placeOf(view, looking);
  const start = view.sections.find(({ id }) => id === place?.sectionId)?.start_number ?? 1;
  const live = useLiveDocument(report.id, place?.sectionId ?? null);
  const blocks = useLiveBlocks(live, start);
  const shown = useShown({ view, place, live, blocks });
  const sections = useSectionRows(view, { id: place?.sectionId ?? null, blocks });
  const acts = usePodium(meeting.id, report.id);
  const back = useCallback(() => setLooking(null), []);
  const keys = usePodiumKeys({ shown, rights, acts, ask, back });

  if (!place) return <Empty title={t("podium.none_ready_title")}>{t("podium.none_ready")}</Empty>;
  return (
    <div className="podium hall-colours">
      <MeetingBar meeting={meeting} acts={acts} rights={rights} onHelp={() => keys.help(true)} />
      {isLive ? null : <Notice tone="warning">{t("podium.not_live")}</Notice>}
      {acts.error ? (
        <div className="podium-refused">
          <Notice tone="danger">{acts.error}</Notice>
          <Button onClick={acts.dismiss}>{t("app.close")}</Button>
        </div>
      ) : null}
      <div className="podium-bench">
        <List
          sections={sections}
          place={place}
          isOpen={meeting.state === "open"}
          onLook={setLooking}
          onPut={(row) => {
            back();
            acts.put({ section_id: row.sectionId, paragraph_id: row.id });
          }}
        />
        <Middle
          report={report}
          view={view}
          meeting={meeting}
          place={place}
          isLooking={looking !== null}
          live={live}
          shown={shown}
          acts={acts}
          onBack={back}
        />
        <Aside
          view={view}
          meeting={meeting}
          rights={rights}
          acts={acts}
          shown={shown}
          live={live}
          groupId={report.working_group.id}
          question={question}
          ask={ask}
          onMove={back}
        />
      </div>
      {keys.isHelping ? (
        <KeyHelp
          hasLetters={keys.hasLetters}
          onLetters={keys.setLetters}
          onClose={() => keys.help(false)}
        />
      ) : null}
    </div>
  );
}
