/** What can be decided on the paragraph that is looked at, and the way to the next one. */
import { useTranslation } from "react-i18next";
import type { Verb } from "../../../api/plenary";
import type { LiveDocument } from "../../../live/liveDocument";
import type { MeetingView, ReportView } from "../../../live/reportView";
import { useObservable } from "../../../shell/live";
import { StatusMark } from "../../../shell/Marks";
import { Button } from "../../../ui/Button";
import type { IconName } from "../../../ui/Icon";
import type { PodiumRights } from "../rights";
import { newQuestion, type PodiumActs, type Question } from "../usePodium";
import { hindranceOf, type Shown, verbsFor } from "./shown";

interface DecideCardProps {
  view: ReportView;
  meeting: MeetingView;
  rights: PodiumRights;
  acts: PodiumActs;
  shown: Shown | null;
  live: LiveDocument | null;
  ask: (question: Question) => void;
  onMove: () => void;
}

const CONNECTING = { kind: "connecting" } as const;

export function DecideCard({ view, meeting, rights, acts, shown, live, ...does }: DecideCardProps) {
  const { t } = useTranslation();
  const text = useObservable(live?.state, CONNECTING);
  const section = view.sections.find(({ id }) => id === shown?.sectionId);
  const hindrance = hindranceOf({
    shown,
    meeting: meeting.state,
    text: text.kind,
    isReading: section?.state === "in_reading",
  });
  function move(direction: 1 | -1): void {
    does.onMove();
    acts.move(direction);
  }
  return (
    <section className="podium-card podium-decide" aria-label={t("podium.decide")}>
      <div className="podium-steps">
        <Button icon="up" disabled={acts.isBusy} onClick={() => move(-1)}>
          {t("podium.act.previous")}
        </Button>
        <Button icon="down" disabled={acts.isBusy} onClick={() => move(1)}>
          {t("podium.act.next")}
        </Button>
      </div>
      <p className="podium-subject" role="status">
        {shown
          ? t("podium.subject", { label: shown.label || t("podium.unnumbered") })
          : t("podium.floor_none")}{" "}
        {shown?.isOnFloor ? <StatusMark status="floor" /> : null}{" "}
        {shown && shown.status !== "tabled" ? <StatusMark status={shown.status} /> : null}
      </p>
      {rights.decide ? (
        <Verbs shown={shown} isHindered={hindrance !== null} ask={does.ask} />
      ) : (
        <p className="small soft">{t("podium.decide_not_chair")}</p>
      )}
      {rights.decide && hindrance ? (
        <p className="small soft">{t(`podium.hindrance.${hindrance}`)}</p>
      ) : null}
    </section>
  );
}

const VERBS: readonly [verb: Verb, icon: IconName][] = [
  ["agree", "check"],
  ["bracket", "bracket"],
  ["park", "pause"],
  ["reopen", "history"],
];

interface VerbsProps {
  shown: Shown | null;
  isHindered: boolean;
  ask: (question: Question) => void;
}

function Verbs({ shown, isHindered, ask }: VerbsProps) {
  const { t } = useTranslation();
  const open = shown ? verbsFor(shown) : [];
  return (
    <div className="podium-verbs">
      {VERBS.map(([verb, icon]) => (
        <Button
          key={verb}
          icon={icon}
          className="podium-verb"
          data-verb={verb}
          disabled={isHindered || !open.includes(verb)}
          onClick={() => shown && ask(newQuestion(verb, shown))}
        >
          {t(`podium.act.${verb}`)}
        </Button>
      ))}
    </div>
  );
}
