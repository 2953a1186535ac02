/** The paragraph that is looked at, drawn as in the hall: this is what a decision binds to. */
import { useTranslation } from "react-i18next";
import type { MeetingView, ReportView } from "../../../live/reportView";
import { ReadingBlock } from "../../../reading/ReadingBlock";
import { Button } from "../../../ui/Button";
import type { Shown } from "../decide/shown";
import { mayBeRead } from "../list/paragraphs";
import type { Looking } from "../looking";
import type { PodiumActs } from "../usePodium";

interface FloorCardProps {
  view: ReportView;
  meeting: MeetingView;
  place: Looking;
  isLooking: boolean;
  shown: Shown | null;
  acts: PodiumActs;
  onBack: () => void;
}

export function FloorCard(props: FloorCardProps) {
  const { shown, isLooking, meeting } = props;
  const { t } = useTranslation();
  const isElsewhere = isLooking && !shown?.isOnFloor;
  return (
    <section className="podium-floor" aria-label={t("podium.floor")}>
      {isElsewhere ? <Elsewhere {...props} /> : null}
      {shown ? (
        <>
          {shown.label === shown.block.label ? null : (
            <p className="podium-floor-label">
              <bdi>{shown.label}</bdi>
            </p>
          )}
          <div className="podium-floor-text">
            <ReadingBlock block={shown.block} status={shown.status} isOnFloor={shown.isOnFloor} />
          </div>
        </>
      ) : (
        <p className="podium-floor-none">
          {t(meeting.floor && !isLooking ? "podium.floor_coming" : "podium.floor_none")}
        </p>
      )}
    </section>
  );
}

function Elsewhere({ view, meeting, place, shown, acts, onBack }: FloorCardProps) {
  const { t } = useTranslation();
  const section = view.sections.find(({ id }) => id === place.sectionId);
  const mayPut =
    shown !== null &&
    shown.status !== "agreed" &&
    meeting.state === "open" &&
    section !== undefined &&
    mayBeRead(section);
  return (
    <div className="podium-elsewhere">
      <p>
        {meeting.floor
          ? t("podium.elsewhere", { label: meeting.floor.label })
          : t("podium.elsewhere_none")}
      </p>
      {meeting.floor ? (
        <Button icon="back" onClick={onBack}>
          {t("podium.back_to_floor")}
        </Button>
      ) : null}
      {mayPut ? (
        <Button
          icon="play"
          kind="primary"
          disabled={acts.isBusy}
          onClick={() => {
            onBack();
            acts.put({ section_id: shown.sectionId, paragraph_id: shown.paragraphId });
          }}
        >
          {t("podium.put")}
        </Button>
      ) : null}
    </div>
  );
}
