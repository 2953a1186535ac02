/** Beside the text: its state, its subgroup, who is here, and the ways to history and export. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { DeskSection, PresentMember } from "../../api/shapes";
import { StateChip } from "../../shell/Marks";
import { useMember } from "../../shell/member";
import { Link } from "../../shell/router";
import { StateDialog } from "../../shell/StateDialog";
import { ago } from "../../shell/time";
import { Icon } from "../../ui/Icon";

interface FactsProps {
  section: DeskSection;
  present: readonly PresentMember[];
}

export function Facts({ section, present }: FactsProps) {
  const { t } = useTranslation();
  const [moving, setMoving] = useState(false);
  const home = `/reports/${section.report_id}`;
  return (
    <aside className="draft-facts" aria-label={t("draft.facts")}>
      <section className="stack-tight">
        {section.may.edges.length > 0 ? (
          <span>
            <StateChip
              state={section.state}
              label={t("desk.change_state", {
                state: t(`state.${section.state}`),
                title: section.title,
              })}
              onClick={() => setMoving(true)}
            />
          </span>
        ) : (
          <span>
            <StateChip state={section.state} />
          </span>
        )}
        <p className="small">{section.subgroup?.name ?? t("desk.no_subgroup")}</p>
        <p className="small soft">{t("desk.words", { count: section.words })}</p>
        {section.last_change ? (
          <p className="small soft">
            {t("desk.last_change", {
              name: section.last_change.name,
              when: ago(section.last_change.at),
            })}
          </p>
        ) : null}
      </section>
      <Here present={present} />
      <nav className="stack-tight" aria-label={t("draft.ways")}>
        <Link className="button" data-kind="quiet" to={`${home}/sections/${section.id}/history`}>
          <Icon name="history" />
          {t("draft.history")}
        </Link>
        <Link className="button" data-kind="quiet" to={`${home}/exports?section=${section.id}`}>
          <Icon name="download" />
          {t("draft.export")}
        </Link>
      </nav>
      {moving ? <StateDialog section={section} onClose={() => setMoving(false)} /> : null}
    </aside>
  );
}

function Here({ present }: { present: readonly PresentMember[] }) {
  const { t } = useTranslation();
  const me = useMember();
  const others = present.filter((person) => person.member_id !== me.id);
  return (
    <section className="stack-tight">
      <h2>{t("draft.here")}</h2>
      {others.length === 0 ? <p className="small soft">{t("draft.alone")}</p> : null}
      <ul className="plain-list">
        {others.map((person) => (
          <li className="draft-person" key={person.member_id}>
            <span style={{ background: person.colour }} aria-hidden="true" />
            {person.name}
          </li>
        ))}
      </ul>
    </section>
  );
}
