/** The timeline, newest first, by day: stretches of work, decisions, states, named revisions. */
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { Moment } from "../../api/revisions";
import { clockFace } from "../../hall/clockFace";
import { PAINTED_ICON } from "../../reading/ReadingBlock";
import { momentOf } from "../../shell/time";
import { Button } from "../../ui/Button";
import { Check } from "../../ui/Field";
import { Icon, type IconName } from "../../ui/Icon";
import { byDay, isNamedLater, keyOf } from "./moments";
import { useMomentWords } from "./momentWords";
import type { useTimeline } from "./useTimeline";

interface TimelineProps {
  timeline: ReturnType<typeof useTimeline>;
  listed: readonly Moment[];
  zone: string;
  /** The seq that is looked at. */
  end: number;
  onlyNamed: boolean;
  onOnlyNamed: (only: boolean) => void;
  onGo: (moment: Moment) => void;
}

export function Timeline(props: TimelineProps) {
  const { timeline, listed, zone, end, onlyNamed, onOnlyNamed, onGo } = props;
  const { t, i18n } = useTranslation();
  const { asked } = timeline;
  return (
    <aside className="history-timeline" aria-label={t("history.timeline")}>
      <details open={window.matchMedia("(min-width: 66rem)").matches}>
        <summary>
          <h2>{t("history.timeline")}</h2>
        </summary>
        <Check label={t("history.named_only")} checked={onlyNamed} onChange={onOnlyNamed} />
        {listed.length === 0 ? <p className="soft small">{t("history.none_named")}</p> : null}
        {byDay(listed, zone, i18n.language).map((day) => (
          <section key={day.moments.map(keyOf)[0]}>
            <h3 className="history-day">{day.name}</h3>
            <ol className="plain-list">
              {day.moments.map((moment) => (
                <Row
                  key={keyOf(moment)}
                  moment={moment}
                  zone={zone}
                  isShown={moment.to_seq === end}
                  onGo={() => onGo(moment)}
                />
              ))}
            </ol>
          </section>
        ))}
        {asked.hasNextPage ? (
          <Button busy={asked.isFetchingNextPage} onClick={() => void asked.fetchNextPage()}>
            {t("history.earlier")}
          </Button>
        ) : null}
      </details>
    </aside>
  );
}

interface RowProps {
  moment: Moment;
  zone: string;
  isShown: boolean;
  onGo: () => void;
}

function Row({ moment, zone, isShown, onGo }: RowProps) {
  const { i18n } = useTranslation();
  const status = moment.decision?.status_after;
  const row = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (isShown && row.current) keepInSight(row.current);
  }, [isShown]);
  return (
    <li>
      <button
        ref={row}
        type="button"
        className="history-moment"
        data-kind={moment.kind}
        data-painted={status}
        aria-current={isShown ? "true" : undefined}
        onClick={onGo}
      >
        <Icon name={iconOf(moment)} />
        <span className="history-what">
          <What moment={moment} zone={zone} />
        </span>
        <time className="history-time" dateTime={moment.ended_at}>
          {clockFace(Date.parse(moment.ended_at), zone, i18n.language)}
        </time>
      </button>
    </li>
  );
}

/** The list scrolls to the row where it scrolls by itself; the page stays where it is. */
function keepInSight(row: HTMLElement): void {
  const list = row.closest<HTMLElement>(".history-timeline");
  if (!list || list.scrollHeight <= list.clientHeight) return;
  const [inner, outer] = [row.getBoundingClientRect(), list.getBoundingClientRect()];
  if (inner.top >= outer.top && inner.bottom <= outer.bottom) return;
  list.scrollTop += inner.top - outer.top - outer.height / 3;
}

function iconOf({ kind, decision }: Moment): IconName {
  if (kind === "revision") return "flag";
  if (kind === "state") return "arrow";
  if (kind === "edit") return "edit";
  const status = decision?.status_after ?? "tabled";
  return status === "tabled" ? "history" : PAINTED_ICON[status];
}

function What({ moment, zone }: { moment: Moment; zone: string }) {
  const { t, i18n } = useTranslation();
  const words = useMomentWords();
  const number = new Intl.NumberFormat(i18n.language);
  const reason = moment.state?.reason || moment.decision?.reason;
  const headline = moment.revision?.name || words.decided(moment) || words.turned(moment);
  return (
    <>
      <strong>{headline || words.who(moment)}</strong>
      <span className="history-who">
        {headline ? <>{words.who(moment)}, </> : null}
        {words.standing(moment.subgroup, moment.acting_role)}
      </span>
      {isNamedLater(moment, zone) ? (
        <span className="history-who">
          {t("history.named_on", { when: momentOf(moment.began_at, zone) })}
        </span>
      ) : null}
      {reason ? <span className="history-who">{t("history.reason", { reason })}</span> : null}
      {moment.kind === "edit" ? (
        <span className="history-counts">
          <span className="history-added" title={t("history.added", { count: moment.added })}>
            +{number.format(moment.added)}
          </span>
          <span className="history-removed" title={t("history.removed", { count: moment.removed })}>
            −{number.format(moment.removed)}
          </span>
        </span>
      ) : null}
    </>
  );
}
