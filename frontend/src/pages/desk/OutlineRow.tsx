/** One section in the outline: number, title, state, subgroup, words, last change, who is here. */
import { type ReactNode, useEffect, useRef } from "react";
import { useTranslation } from "react-i18next";
import type { DeskSection, PresentMember } from "../../api/shapes";
import { StateChip } from "../../shell/Marks";
import { Link } from "../../shell/router";
import { ago } from "../../shell/time";
import { Avatars } from "../../ui/Avatars";
import { Menu } from "../../ui/Menu";
import { Handle, useDropTarget } from "./drag";
import { type Place, step } from "./outline";

export type Dialogs =
  | { what: "add"; parent_id: string | null }
  | { what: "settings" | "state" | "remove"; section: DeskSection };

interface OutlineRowProps {
  section: DeskSection;
  sections: readonly DeskSection[];
  present: readonly PresentMember[];
  onMove: (id: string, place: Place) => void;
  onOpen: (dialog: Dialogs) => void;
  children: ReactNode;
}

export function OutlineRow(props: OutlineRowProps) {
  const { section, sections, present, onMove, onOpen } = props;
  const { t } = useTranslation();
  const { may } = section;
  const { side, ...target } = useDropTarget(sections, section, onMove);
  const names = present.map((person) => person.name).join(", ");
  return (
    <li>
      <div
        className="outline-row"
        data-numbered={section.number !== ""}
        data-drop={side}
        {...(may.edit_outline ? target : {})}
      >
        {may.edit_outline ? <Handle section={section} /> : null}
        <RowLink section={section} />
        <StateChip
          state={section.state}
          {...(may.edges.length > 0
            ? {
                onClick: () => onOpen({ what: "state", section }),
                label: t("desk.change_state", {
                  state: t(`state.${section.state}`),
                  title: section.title,
                }),
              }
            : {})}
        />
        {may.edit_outline ? <RowMenu {...props} /> : null}
        <p className="outline-facts">
          <span>{section.subgroup?.name ?? t("desk.no_subgroup")}</span>
          <span>
            {section.words > 0 ? t("desk.words", { count: section.words }) : t("desk.no_words")}
          </span>
          {section.last_change ? (
            <span>
              {t("desk.last_change", {
                name: section.last_change.name,
                when: ago(section.last_change.at),
              })}
            </span>
          ) : null}
          {present.length > 0 ? (
            <Avatars
              faces={present.map(({ member_id, name, colour }) => ({
                id: member_id,
                name,
                colour,
              }))}
              label={t("desk.present", { names })}
            />
          ) : null}
        </p>
      </div>
      {props.children}
    </li>
  );
}

/** Where the focus is after a move: the row is the same, but the browser may have let go of it. */
function RowLink({ section }: { section: DeskSection }) {
  const link = useRef<HTMLSpanElement>(null);
  const { parent_id, position } = section;
  const place = `${parent_id} ${position}`;
  const before = useRef(place);
  useEffect(() => {
    if (before.current !== place && document.activeElement === document.body) {
      link.current?.querySelector("a")?.focus();
    }
    before.current = place;
  }, [place]);
  return (
    <span className="outline-title" ref={link}>
      <Link
        to={`/reports/${section.report_id}/sections/${section.id}`}
        data-section={section.id}
        draggable={false}
      >
        {section.number ? <bdi className="outline-number">{section.number}</bdi> : null}
        <bdi>{section.title}</bdi>
      </Link>
    </span>
  );
}

const MOVES = [
  { direction: "up", label: "move_up", keys: "Alt ↑", icon: "up" },
  { direction: "down", label: "move_down", keys: "Alt ↓", icon: "down" },
  { direction: "in", label: "move_in", keys: "Alt →", icon: "arrow" },
  { direction: "out", label: "move_out", keys: "Alt ←", icon: "back" },
] as const;

function RowMenu({ section, sections, onMove, onOpen }: OutlineRowProps) {
  const { t } = useTranslation();
  const moves = MOVES.map(({ direction, label, keys, icon }) => {
    const place = step(sections, section.id, direction);
    return {
      label: t(`desk.${label}`),
      icon,
      keys,
      disabled: place === null,
      run: () => place && onMove(section.id, place),
    };
  });
  return (
    <Menu
      label={t("desk.acts", { title: section.title })}
      acts={[
        {
          label: t("desk.settings"),
          icon: "edit",
          run: () => onOpen({ what: "settings", section }),
        },
        {
          label: t("desk.add_inside"),
          icon: "add",
          run: () => onOpen({ what: "add", parent_id: section.id }),
        },
        ...moves,
        {
          label: t("app.remove"),
          icon: "remove",
          kind: "danger",
          run: () => onOpen({ what: "remove", section }),
        },
      ]}
    />
  );
}
