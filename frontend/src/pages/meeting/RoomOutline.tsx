/** The report's sections: reading elsewhere begins here. */
import { useRef } from "react";
import { useTranslation } from "react-i18next";
import type { ReportView } from "../../live/reportView";
import { Icon } from "../../ui/Icon";

interface RoomOutlineProps {
  view: ReportView;
  sectionId: string | null;
  onChoose: (sectionId: string) => void;
}

export function RoomOutline({ view, sectionId, onChoose }: RoomOutlineProps) {
  const { t } = useTranslation();
  const floor = view.meeting?.floor?.section_id;
  const list = useRef<HTMLDetailsElement>(null);
  function choose(id: string): void {
    // On a narrow device the list stands over the text, so it makes room.
    if (list.current && !isWide()) list.current.open = false;
    onChoose(id);
  }
  return (
    <nav className="room-outline" aria-label={t("meeting.outline")}>
      <details open={isWide()} ref={list}>
        <summary>{t("meeting.outline")}</summary>
        <ul className="plain-list">
          {view.sections.map((section) => (
            <li key={section.id}>
              <button
                type="button"
                className="room-section"
                aria-current={section.id === sectionId ? "true" : undefined}
                style={{ paddingInlineStart: `${0.6 + section.depth * 0.9}rem` }}
                onClick={() => choose(section.id)}
              >
                <bdi className="room-number">{section.number}</bdi>
                <span>
                  <bdi>{section.title}</bdi>
                  {section.id === floor ? (
                    <span className="room-here">
                      <Icon name="play" />
                      {t("status.floor")}
                    </span>
                  ) : null}
                </span>
              </button>
            </li>
          ))}
        </ul>
      </details>
    </nav>
  );
}

function isWide(): boolean {
  return window.matchMedia("(min-width: 62rem)").matches;
}
