/** States of sections and statuses of paragraphs: always symbol and word, never colour alone. */
import { useTranslation } from "react-i18next";
import type { SectionState } from "../api/shapes";
import { Icon, type IconName, Pie } from "../ui/Icon";

/** The section's way from outline to read, in order. */
export const STATES: readonly SectionState[] = [
  "outlined",
  "drafting",
  "subgroup_review",
  "signed_off",
  "consolidated",
  "in_reading",
  "read",
];

export function shareOf(state: SectionState): number {
  return STATES.indexOf(state) / (STATES.length - 1);
}

const TONE: Partial<Record<SectionState, string>> = {
  drafting: "accent",
  subgroup_review: "warning",
  in_reading: "warning",
  signed_off: "good",
  consolidated: "good",
  read: "good",
};

export function StateChip({ state, onClick, label }: StateChipProps) {
  const { t } = useTranslation();
  const inside = (
    <>
      {state === "in_reading" ? <Icon name="play" /> : <Pie share={shareOf(state)} />}
      {t(`state.${state}`)}
    </>
  );
  if (!onClick) {
    return (
      <span className="chip" data-tone={TONE[state]}>
        {inside}
      </span>
    );
  }
  return (
    <button type="button" className="chip" data-tone={TONE[state]} onClick={onClick} title={label}>
      {inside}
      <Icon name="down" />
      <span className="visually-hidden">{label}</span>
    </button>
  );
}

interface StateChipProps {
  state: SectionState;
  /** With it the chip is a button; `label` says what it does. */
  onClick?: () => void;
  label?: string;
}

export type PaintedStatus = "floor" | "agreed" | "bracketed" | "parked";

const STATUS_ICON: Record<PaintedStatus, IconName> = {
  floor: "play",
  agreed: "check",
  bracketed: "bracket",
  parked: "pause",
};

/** Colour, symbol, word and border pattern together. */
export function StatusMark({ status }: { status: PaintedStatus }) {
  const { t } = useTranslation();
  return (
    <span className="status" data-status={status}>
      <Icon name={STATUS_ICON[status]} />
      {t(`status.${status}`)}
    </span>
  );
}
