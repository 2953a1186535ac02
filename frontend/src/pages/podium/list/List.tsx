/** The paragraphs before the plenary, by section: look at one, or put it on the floor. */
import { type KeyboardEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { StateChip } from "../../../shell/Marks";
import type { Looking } from "../looking";
import { ListRow } from "./ListRow";
import {
  countOf,
  FILTERS,
  type Filter,
  mayBePut,
  mayBeRead,
  passes,
  type Row,
  type SectionRows,
} from "./paragraphs";

interface ListProps {
  sections: readonly SectionRows[];
  place: Looking;
  /** The meeting sits: paragraphs can go on the floor. */
  isOpen: boolean;
  onLook: (place: Looking) => void;
  onPut: (row: Row) => void;
}

export function List({ sections, place, isOpen, onLook, onPut }: ListProps) {
  const { t } = useTranslation();
  const [filter, setFilter] = useState<Filter>("all");
  return (
    <nav className="podium-list" aria-label={t("podium.list")}>
      <fieldset className="podium-filter">
        <legend className="visually-hidden">{t("podium.filter")}</legend>
        {FILTERS.map((one) => (
          <label key={one} className="podium-filter-choice">
            <input
              type="radio"
              name="filter"
              checked={filter === one}
              onChange={() => setFilter(one)}
            />
            <span>
              {t(`podium.filters.${one}`)} <b>{countOf(sections, one)}</b>
            </span>
          </label>
        ))}
      </fieldset>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the buttons inside are the controls; arrows walk among them. */}
      <div onKeyDown={walk}>
        {sections.map((section) => (
          <Section
            key={section.section.id}
            {...section}
            filter={filter}
            place={place}
            onLook={onLook}
            onPut={isOpen && mayBeRead(section.section) ? onPut : null}
          />
        ))}
      </div>
    </nav>
  );
}

interface SectionProps extends SectionRows {
  filter: Filter;
  place: Looking;
  onLook: (place: Looking) => void;
  onPut: ((row: Row) => void) | null;
}

function Section({ section, rows, filter, place, onLook, onPut }: SectionProps) {
  const { t } = useTranslation();
  const shown = rows?.filter((row) => passes(row, filter)) ?? [];
  if (filter !== "all" && shown.length === 0) return null;
  return (
    <section className="podium-section">
      <h2>
        <button
          type="button"
          className="podium-section-title"
          data-walk=""
          onClick={() => onLook({ sectionId: section.id, paragraphId: null })}
        >
          <bdi className="podium-number">{section.number}</bdi>
          <bdi>{section.title}</bdi>
        </button>
        {section.state === "in_reading" ? null : <StateChip state={section.state} />}
      </h2>
      {rows === null ? <span className="skeleton" aria-hidden="true" /> : null}
      {rows?.length === 0 ? <p className="small soft">{t("podium.section_empty")}</p> : null}
      <ol className="plain-list">
        {shown.map((row) => (
          <ListRow
            key={row.id}
            row={row}
            isLookedAt={place.sectionId === row.sectionId && place.paragraphId === row.id}
            onLook={() => onLook({ sectionId: row.sectionId, paragraphId: row.id })}
            onPut={onPut && mayBePut(row) ? () => onPut(row) : null}
          />
        ))}
      </ol>
    </section>
  );
}

/** Up and down walk from row to row. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
  const stops = [...event.currentTarget.querySelectorAll<HTMLElement>("[data-walk]")];
  const row = (event.target as HTMLElement).closest("li, h2")?.querySelector("[data-walk]");
  const next = stops[stops.indexOf(row as HTMLElement) + step];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
