/** Words agreed of all words, beside time used of the time planned: two bars, each in words. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { asHours, readGauge } from "./gauge";
import type { GaugeFacts } from "./picture";

export function HallGauge({ facts, usedS }: { facts: GaugeFacts; usedS: number }) {
  const { t, i18n } = useTranslation();
  const { words, time, overMinutes, usedMinutes, plannedMinutes } = readGauge(facts, usedS);
  const number = new Intl.NumberFormat(i18n.language);
  return (
    <div className="gauge">
      <Bar name={t("hall.words_agreed")} percent={words.percent} filled={words.filled} kind="words">
        {t("hall.words_of", {
          agreed: number.format(facts.words_agreed),
          all: number.format(facts.words),
        })}
      </Bar>
      <Bar
        name={t("hall.time_used")}
        percent={time.percent}
        filled={time.filled}
        kind={overMinutes > 0 ? "over" : "time"}
      >
        {overMinutes > 0
          ? t("hall.time_over", { over: asHours(overMinutes), planned: asHours(plannedMinutes) })
          : t("hall.time_of", { used: asHours(usedMinutes), planned: asHours(plannedMinutes) })}
      </Bar>
    </div>
  );
}

interface BarProps {
  name: string;
  percent: number;
  filled: number;
  kind: "words" | "time" | "over";
  children: ReactNode;
}

function Bar({ name, percent, filled, kind, children }: BarProps) {
  const { t } = useTranslation();
  return (
    <div className="gauge-bar" data-kind={kind}>
      <span className="gauge-name">{name}</span>
      <strong className="gauge-percent">{t("hall.percent", { percent })}</strong>
      <span className="gauge-track" aria-hidden="true">
        <span className="gauge-fill" style={{ inlineSize: `${filled * 100}%` }} />
      </span>
      <span className="gauge-detail">{children}</span>
    </div>
  );
}
