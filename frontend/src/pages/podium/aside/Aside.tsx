/** The podium's controls: decide, pen, hall screens, record. */
import { useTranslation } from "react-i18next";
import type { LiveDocument } from "../../../live/liveDocument";
import type { MeetingView, ReportView } from "../../../live/reportView";
import { DecideCard } from "../decide/DecideCard";
import { DecideDialog } from "../decide/DecideDialog";
import type { Shown } from "../decide/shown";
import type { PodiumRights } from "../rights";
import type { PodiumActs, Question } from "../usePodium";
import { MeetingRecord } from "./MeetingRecord";
import { Pen } from "./Pen";
import { Screens } from "./Screens";

interface AsideProps {
  view: ReportView;
  meeting: MeetingView;
  rights: PodiumRights;
  acts: PodiumActs;
  shown: Shown | null;
  live: LiveDocument | null;
  groupId: string;
  question: Question | null;
  ask: (question: Question | null) => void;
  /** The floor moves on: what is looked at is let go. */
  onMove: () => void;
}

export function Aside(props: AsideProps) {
  const { view, meeting, rights, acts, shown, groupId, question, ask } = props;
  const { t } = useTranslation();
  return (
    <aside className="podium-aside" aria-label={t("podium.controls")}>
      <DecideCard {...props} />
      <Pen meeting={meeting} rights={rights} acts={acts} groupId={groupId} />
      {rights.screens ? <Screens meetingId={meeting.id} /> : null}
      <section className="podium-card stack-tight">
        <h2>{t("podium.record")}</h2>
        <MeetingRecord meetingId={meeting.id} zone={view.zone} version={lastDecided(view)} />
      </section>
      {question ? (
        <DecideDialog
          key={question.key}
          meetingId={meeting.id}
          question={question}
          now={shown}
          ask={ask}
        />
      ) : null}
    </aside>
  );
}

/** Another value after each decision, whichever screen it was made on. */
function lastDecided(view: ReportView): string {
  const decided = Object.values(view.statuses).map(({ at }) => at);
  return `${decided.length} ${decided.sort().at(-1) ?? ""}`;
}
