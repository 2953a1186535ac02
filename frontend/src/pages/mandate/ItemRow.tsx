/** One mandate item with the sections that answer it. */
import { useTranslation } from "react-i18next";
import type { MandateItem, Section } from "../../api/shapes";
import { StateChip } from "../../shell/Marks";
import { Link } from "../../shell/router";
import { Icon } from "../../ui/Icon";
import { Menu } from "../../ui/Menu";

interface ItemRowProps {
  item: MandateItem;
  answers: Section[];
  may: boolean;
  onEdit: () => void;
  onRemove: () => void;
}

export function ItemRow({ item, answers, may, onEdit, onRemove }: ItemRowProps) {
  const { t } = useTranslation();
  return (
    <li className="mandate-item">
      <span className="mandate-number">{item.number}.</span>
      <p className="mandate-text" dir="auto">
        {item.text}
      </p>
      {may ? (
        <Menu
          label={t("mandate.edit_title", { number: item.number })}
          acts={[
            { label: t("mandate.edit"), icon: "edit", run: onEdit },
            { label: t("mandate.remove"), icon: "remove", kind: "danger", run: onRemove },
          ]}
        />
      ) : null}
      {answers.length === 0 ? (
        <p className="chip mandate-gap" data-tone="warning">
          <Icon name="warning" /> {t("mandate.gap")}
        </p>
      ) : (
        <ul className="plain-list mandate-answers" aria-label={t("mandate.answered_by")}>
          {answers.map((section) => (
            <li key={section.id}>
              <SectionLink section={section} />
            </li>
          ))}
        </ul>
      )}
    </li>
  );
}

export function SectionLink({ section }: { section: Section }) {
  return (
    <span className="row">
      <Link to={`/reports/${section.report_id}/sections/${section.id}`}>
        <bdi>{[section.number, section.title].filter(Boolean).join(" ")}</bdi>
      </Link>
      <StateChip state={section.state} />
    </span>
  );
}
