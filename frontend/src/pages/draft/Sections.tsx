/** The outline beside the text: from section to section without going back to the desk. */
import { useTranslation } from "react-i18next";
import type { Desk } from "../../api/shapes";
import { shareOf } from "../../shell/Marks";
import { Link } from "../../shell/router";
import { Pie } from "../../ui/Icon";

export function Sections({ desk, sectionId }: { desk: Desk; sectionId: string }) {
  const { t } = useTranslation();
  return (
    <nav className="draft-sections" aria-label={t("draft.outline")}>
      <details open={window.matchMedia("(min-width: 66rem)").matches}>
        <summary>{t("draft.outline")}</summary>
        <ul className="plain-list">
          {desk.sections.map((section) => (
            <li key={section.id}>
              <Link
                className="draft-section"
                to={`/reports/${desk.report.id}/sections/${section.id}`}
                aria-current={section.id === sectionId ? "page" : undefined}
                style={{ paddingInlineStart: `${0.75 + section.depth * 0.9}rem` }}
              >
                <span title={t(`state.${section.state}`)}>
                  <Pie share={shareOf(section.state)} />
                  <span className="visually-hidden">{t(`state.${section.state}`)}: </span>
                </span>
                <span>{[section.number, section.title].filter(Boolean).join(" ")}</span>
              </Link>
            </li>
          ))}
        </ul>
      </details>
    </nav>
  );
}
