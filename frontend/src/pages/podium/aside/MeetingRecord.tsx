/** The record of decisions: what was decided on which words, newest first. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type Decision, listDecisions, type Verb } from "../../../api/plenary";
import { clockFace } from "../../../hall/clockFace";
import { Await } from "../../../shell/Failure";
import { Icon, type IconName } from "../../../ui/Icon";

interface RecordProps {
  meetingId: string;
  zone: string;
  /** Another value whenever something was decided. */
  version: string;
}

const VERB_ICON: Record<Verb, IconName> = {
  agree: "check",
  bracket: "bracket",
  park: "pause",
  reopen: "history",
};

export function MeetingRecord({ meetingId, zone, version }: RecordProps) {
  const { t } = useTranslation();
  const decisions = useQuery({
    queryKey: ["decisions", meetingId, version],
    queryFn: () => listDecisions(meetingId),
    placeholderData: keepPreviousData,
  });
  return (
    <Await of={decisions}>
      {(made) =>
        made.length === 0 ? (
          <p className="small soft">{t("podium.record_none")}</p>
        ) : (
          <ol className="plain-list record" reversed>
            {made.toReversed().map((decision) => (
              <Entry key={decision.id} decision={decision} zone={zone} />
            ))}
          </ol>
        )
      }
    </Await>
  );
}

function Entry({ decision, zone }: { decision: Decision; zone: string }) {
  const { t, i18n } = useTranslation();
  const { label, verb, status_after, text, reason, by, decided_at } = decision;
  return (
    <li className="record-entry" data-painted={status_after}>
      <details>
        <summary>
          <Icon name={VERB_ICON[verb]} />
          <span className="record-what">
            <bdi>{label || t("podium.unnumbered")}</bdi> {t(`podium.verb_done.${verb}`)}
          </span>
          <time className="small soft">
            {clockFace(Date.parse(decided_at), zone, i18n.language)}
          </time>
        </summary>
        <blockquote className="record-text" dir="auto">
          {text}
        </blockquote>
        {reason ? <p className="small">{t("podium.record_reason", { reason })}</p> : null}
        <p className="small soft">{t("podium.record_by", { name: by.name })}</p>
      </details>
    </li>
  );
}
