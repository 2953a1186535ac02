/** The outline beside a text: from section to section without going back to the desk. */
import { useTranslation } from "react-i18next";
import type { SectionState } from "../api/shapes";
import { Pie } from "../ui/Icon";
import { shareOf } from "./Marks";
import { Link } from "./router";

interface ListedSection {
  id: string;
  number: string;
  title: string;
  depth: number;
  state: SectionState;
}

interface SectionListProps {
  sections: readonly ListedSection[];
  /** The one whose text is shown. */
  shownId: string;
  addressOf: (sectionId: string) => string;
}

export function SectionList({ sections, shownId, addressOf }: SectionListProps) {
  const { t } = useTranslation();
  return (
    <nav className="draft-sections" aria-label={t("draft.outline")}>
      <details open={window.matchMedia("(min-width: 66rem)").matches}>
        <summary>{t("draft.outline")}</summary>
        <ul className="plain-list">
          {sections.map((section) => (
            <li key={section.id}>
              <Link
                className="draft-section"
                to={addressOf(section.id)}
                aria-current={section.id === shownId ? "page" : undefined}
                style={{ paddingInlineStart: `${0.75 + section.depth * 0.9}rem` }}
              >
                <span title={t(`state.${section.state}`)}>
                  <Pie share={shareOf(section.state)} />
                  <span className="visually-hidden">{t(`state.${section.state}`)}: </span>
                </span>
                <bdi>{[section.number, section.title].filter(Boolean).join(" ")}</bdi>
              </Link>
            </li>
          ))}
        </ul>
      </details>
    </nav>
  );
}
