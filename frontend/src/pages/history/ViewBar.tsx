/** Which moment, or which two, and whether the text or its changes are shown. */
import { useTranslation } from "react-i18next";
import type { Moment } from "../../api/revisions";
import { momentOf } from "../../shell/time";
import { IconButton } from "../../ui/Button";
import { SelectField } from "../../ui/Field";
import { endOf, type Look } from "./look";
import { spanOf, stopsOf } from "./moments";
import { useMomentWords } from "./momentWords";

interface ViewBarProps {
  look: Look;
  /** The moment at the end of the look, in words. */
  when: string;
  moments: readonly Moment[];
  zone: string;
  head: number;
  stops: { older: Moment | null; newer: Moment | null };
  onGo: (moment: Moment | null) => void;
  onShow: (look: Look) => void;
}

export function ViewBar(props: ViewBarProps) {
  const { look, when, moments, head, stops, onGo, onShow } = props;
  const { t } = useTranslation();
  const end = endOf(look);
  function showChanges(): void {
    const moment = moments.find(({ from_seq }) => from_seq <= end);
    onShow({ kind: "changes", ...(moment ? spanOf(moments, moment) : { from: 0, to: end }) });
  }
  return (
    <>
      {look.kind === "changes" ? <Ends {...props} look={look} /> : null}
      <div className="history-bar">
        <fieldset className="history-views">
          <legend className="visually-hidden">{t("history.view")}</legend>
          <Choice
            label={t("history.text_then")}
            checked={look.kind === "text"}
            onChoose={() => onShow({ kind: "text", at: end })}
          />
          <Choice
            label={t("history.what_changed")}
            checked={look.kind === "changes"}
            onChoose={showChanges}
          />
        </fieldset>
        <div className="history-steps">
          <IconButton
            icon="back"
            label={t("history.older")}
            disabled={!stops.older}
            onClick={() => onGo(stops.older)}
          />
          <p role="status">
            {look.kind === "text" ? t("history.at", { when }) : when}
            {end === head ? <span className="chip">{t("history.now")}</span> : null}
          </p>
          <IconButton
            icon="arrow"
            label={t("history.newer")}
            disabled={!stops.newer}
            onClick={() => onGo(stops.newer)}
          />
          <span className="visually-hidden">{t("history.keys_hint")}</span>
        </div>
      </div>
    </>
  );
}

interface ChoiceProps {
  label: string;
  checked: boolean;
  onChoose: () => void;
}

function Choice({ label, checked, onChoose }: ChoiceProps) {
  return (
    <label className="history-view">
      <input type="radio" name="view" checked={checked} onChange={onChoose} />
      <span>{label}</span>
    </label>
  );
}

/** Any two moments can be compared. */
function Ends({
  look,
  moments,
  zone,
  onShow,
}: ViewBarProps & { look: Look & { kind: "changes" } }) {
  const { t } = useTranslation();
  const words = useMomentWords();
  const stops = stopsOf(moments);
  const options = stops.map((moment) => ({
    seq: moment.to_seq,
    begins: moment.from_seq,
    name: t("history.stop", { when: momentOf(moment.ended_at, zone), what: words.short(moment) }),
  }));
  return (
    <div className="history-ends">
      <SelectField
        label={t("history.from")}
        value={look.from}
        onChange={(event) => onShow(ordered(Number(event.currentTarget.value), look.to))}
      >
        <End options={options} seq={look.from} />
        <option value={0}>{t("history.beginning")}</option>
      </SelectField>
      <SelectField
        label={t("history.to")}
        value={look.to}
        onChange={(event) => onShow(ordered(look.from, Number(event.currentTarget.value)))}
      >
        <End options={options} seq={look.to} />
      </SelectField>
    </div>
  );
}

interface EndProps {
  options: readonly { seq: number; begins: number; name: string }[];
  seq: number;
}

/** Steps can begin inside a stretch of work: that place is a choice too. */
function End({ options, seq }: EndProps) {
  const isListed = seq === 0 || options.some((option) => option.seq === seq);
  const within = options.find((option) => option.begins <= seq);
  return (
    <>
      {isListed ? null : <option value={seq}>{within?.name ?? seq}</option>}
      {options.map((option) => (
        <option key={option.seq} value={option.seq}>
          {option.name}
        </option>
      ))}
    </>
  );
}

function ordered(from: number, to: number): Look {
  return { kind: "changes", from: Math.min(from, to), to: Math.max(from, to) };
}
