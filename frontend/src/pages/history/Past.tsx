/** The history of one section: text or comparison in the middle, the timeline beside it. */
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import type { Restored } from "../../api/revisions";
import type { Report, Section } from "../../api/shapes";
import type { StatusView } from "../../live/reportView";
import { Link, navigate, type usePageTitle, useQueryValue } from "../../shell/router";
import { momentOf } from "../../shell/time";
import { Icon } from "../../ui/Icon";
import { Notice } from "../../ui/Notice";
import { Acts } from "./Acts";
import { Compare } from "./Compare";
import { addressOf, endOf, type Look, readLook } from "./look";
import { namedOnly, spanOf, stepFrom } from "./moments";
import { TextThen } from "./TextThen";
import { Timeline } from "./Timeline";
import { useReach, type useTimeline } from "./useTimeline";
import { ViewBar } from "./ViewBar";

interface PastProps {
  report: Report;
  section: Section;
  timeline: ReturnType<typeof useTimeline>;
  statuses: Readonly<Record<string, StatusView>>;
  heading: ReturnType<typeof usePageTitle>;
}

export function Past({ report, section, timeline, statuses, heading }: PastProps) {
  const { t } = useTranslation();
  const { moments, head } = timeline;
  const [onlyNamed, setOnlyNamed] = useState(false);
  const [restored, setRestored] = useState<(Restored & { isChange: boolean }) | null>(null);
  const [look, show] = useLook(head);
  useReach(timeline, endOf(look));
  const listed = onlyNamed ? namedOnly(moments) : moments;
  const stops = {
    older: stepFrom(listed, endOf(look), -1),
    newer: stepFrom(listed, endOf(look), 1),
  };
  function go(moment: (typeof moments)[number] | null): void {
    if (!moment) return;
    if (look.kind === "text") show({ kind: "text", at: moment.to_seq });
    else show({ kind: "changes", ...spanOf(moments, moment) });
  }
  useStepKeys({ older: () => go(stops.older), newer: () => go(stops.newer) });
  const end = moments.find(({ from_seq }) => from_seq <= endOf(look)) ?? null;
  const when = end ? momentOf(end.ended_at, report.zone) : t("history.beginning");
  return (
    <div className="history">
      <div className="history-page">
        <header className="history-head">
          <Link className="small history-back" to={`/reports/${report.id}/sections/${section.id}`}>
            <Icon name="back" /> {t("history.back")}
          </Link>
          <h1 {...heading}>
            {section.number ? <bdi className="soft">{section.number} </bdi> : null}
            <bdi>{section.title}</bdi>
          </h1>
        </header>
        <ViewBar
          look={look}
          when={when}
          moments={moments}
          zone={report.zone}
          head={head}
          stops={stops}
          onGo={go}
          onShow={show}
        />
        {restored ? <RestoredNotice restored={restored} /> : null}
        <Acts
          key={endOf(look)}
          report={report}
          section={section}
          at={endOf(look)}
          head={head}
          when={when}
          statuses={statuses}
          onRestored={(done) => {
            setRestored({ ...done, isChange: done.seq > head });
            show({ kind: "changes", from: head, to: done.seq });
          }}
        />
        {look.kind === "text" ? (
          <TextThen sectionId={section.id} seq={look.at} />
        ) : (
          <Compare sectionId={section.id} from={look.from} to={look.to} zone={report.zone} />
        )}
      </div>
      <Timeline
        timeline={timeline}
        listed={listed}
        zone={report.zone}
        end={endOf(look)}
        onlyNamed={onlyNamed}
        onOnlyNamed={setOnlyNamed}
        onGo={go}
      />
    </div>
  );
}

/** What is looked at stands in the address, so that it can be sent to somebody. */
function useLook(head: number): [Look, (look: Look) => void] {
  // Read for their changes: the address is the one place where the look is kept.
  const values = [useQueryValue("at"), useQueryValue("from"), useQueryValue("to")];
  const search = new URLSearchParams(
    values.flatMap((value, n) => (value === null ? [] : [[["at", "from", "to"][n] ?? "", value]])),
  );
  const show = (look: Look): void => {
    navigate(`${window.location.pathname}${addressOf(look)}`, { replace: true });
  };
  // A restored text has a seq that the timeline does not know yet.
  return [readLook(`?${search}`, Math.max(head, Number(values[2]) || 0)), show];
}

/** As the arrows point: left is older where reading runs to the right; not inside a field or a dialog. */
function useStepKeys(steps: { older: () => void; newer: () => void }): void {
  useEffect(() => {
    function press(event: KeyboardEvent): void {
      const isTurned = document.documentElement.dir === "rtl";
      const [left, right] = isTurned ? [steps.newer, steps.older] : [steps.older, steps.newer];
      const step = { ArrowLeft: left, ArrowRight: right }[event.key];
      if (!step || isForOthers(event)) return;
      event.preventDefault();
      step();
    }
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  });
}

function isForOthers(event: KeyboardEvent): boolean {
  if (event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return true;
  if (document.querySelector("dialog[open]")) return true;
  return event.target instanceof HTMLElement && event.target.closest("input, select") !== null;
}

function RestoredNotice({ restored }: { restored: Restored & { isChange: boolean } }) {
  const { t } = useTranslation();
  return (
    <Notice tone="good">
      <p>{t(restored.isChange ? "history.restored" : "history.restored_nothing")}</p>
      {restored.left.length > 0 ? (
        <>
          <p>{t("history.restored_left")}</p>
          <ul>
            {restored.left.map(({ paragraph_id, label, reason }) => (
              <li key={paragraph_id}>
                {t("history.restored_left_one", {
                  label: label || t("history.unnumbered"),
                  reason,
                })}
              </li>
            ))}
          </ul>
        </>
      ) : null}
    </Notice>
  );
}
