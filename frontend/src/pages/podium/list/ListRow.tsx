/** One paragraph in the podium's list. */
import { useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import { PAINTED_ICON, paintedAs } from "../../../reading/ReadingBlock";
import { IconButton } from "../../../ui/Button";
import { Icon } from "../../../ui/Icon";
import { bringInSight } from "../inSight";
import type { Row } from "./paragraphs";

interface ListRowProps {
  row: Row;
  isLookedAt: boolean;
  onLook: () => void;
  /** Null where this paragraph cannot go on the floor now. */
  onPut: (() => void) | null;
}

export function ListRow({ row, isLookedAt, onLook, onPut }: ListRowProps) {
  const { t } = useTranslation();
  const item = useRef<HTMLLIElement>(null);
  const painted = paintedAs(row.status, row.isOnFloor);
  useEffect(() => {
    const list = item.current?.closest<HTMLElement>(".podium-list");
    if (row.isOnFloor && list && item.current) bringInSight(list, item.current);
  }, [row.isOnFloor]);
  return (
    <li
      className="podium-row"
      ref={item}
      data-painted={painted ?? undefined}
      data-level={row.kind === "subpara" ? row.level : 0}
    >
      <button
        type="button"
        className="podium-look"
        data-walk=""
        aria-current={isLookedAt ? "true" : undefined}
        onClick={onLook}
      >
        <bdi className="podium-number">{row.label}</bdi>
        {row.isEmpty ? (
          <span className="podium-words soft">{t("podium.row_empty")}</span>
        ) : (
          <span className="podium-words" dir={row.dir || "auto"}>
            {row.words}
          </span>
        )}
        {painted ? (
          <span className="podium-status">
            <Icon name={PAINTED_ICON[painted]} />
            {t(`status.${painted}`)}
          </span>
        ) : null}
      </button>
      {onPut ? (
        <IconButton
          icon="play"
          label={t("podium.put_row", { label: row.label || row.words })}
          onClick={onPut}
        />
      ) : null}
    </li>
  );
}
