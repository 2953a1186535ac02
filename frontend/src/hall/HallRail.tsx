/** Beside the text: the label of the paragraph on the floor, huge, its status, and the counts. */
import { useTranslation } from "react-i18next";
import { PAINTED_ICON, type Painted } from "../reading/ReadingBlock";
import { Icon } from "../ui/Icon";
import type { Counts, HallPicture } from "./picture";

export function HallRail({ picture }: { picture: HallPicture }) {
  const { t } = useTranslation();
  const { floor, section, counts } = picture;
  return (
    <aside className="hall-rail" aria-label={t("hall.where")}>
      <div className="hall-floor">
        {floor ? (
          <>
            <p className="hall-paragraph">{t("hall.paragraph")}</p>
            <HugeLabel label={floor.label} otherwise={section?.number ?? ""} />
            <StatusBlock painted="floor" />
            {floor.status !== "tabled" ? <StatusBlock painted={floor.status} /> : null}
          </>
        ) : (
          <p className="hall-paragraph">{t("hall.no_floor")}</p>
        )}
      </div>
      <HallCounts counts={counts} />
    </aside>
  );
}

/** The number on one line and what stands under it on the next, so that both can be huge. */
export function HugeLabel({ label, otherwise }: { label: string; otherwise: string }) {
  const [number, ...rest] = label.split(" ");
  return (
    <p className="hall-label">
      <bdi>{number || otherwise || "▶"}</bdi>
      {rest.length > 0 ? <bdi className="hall-label-rest">{rest.join(" ")}</bdi> : null}
    </p>
  );
}

function StatusBlock({ painted }: { painted: Painted }) {
  const { t } = useTranslation();
  return (
    <p className="hall-status" data-painted={painted}>
      <Icon name={PAINTED_ICON[painted]} />
      {t(`status.${painted}`)}
    </p>
  );
}

const COUNTED = ["agreed", "bracketed", "parked"] as const;

export function HallCounts({ counts }: { counts: Counts }) {
  const { t } = useTranslation();
  return (
    <dl className="hall-counts">
      {COUNTED.map((status) => (
        <div className="hall-count" key={status} data-painted={status}>
          <dt>
            <Icon name={PAINTED_ICON[status]} />
            {t(`status.${status}`)}
          </dt>
          <dd>{counts[status]}</dd>
        </div>
      ))}
      <div className="hall-count">
        <dt>{t("hall.remaining")}</dt>
        <dd>{counts.open}</dd>
      </div>
      <div className="hall-count">
        <dt>{t("hall.all")}</dt>
        <dd>{counts.paragraphs}</dd>
      </div>
    </dl>
  );
}
