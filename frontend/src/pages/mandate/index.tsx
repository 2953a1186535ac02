/** The mandate: which section answers which item, and which item nobody answers yet. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { sentenceOf } from "../../api/client";
import { dropMandateItem } from "../../api/reports";
import type { MandateItem, Report, Section } from "../../api/shapes";
import { Await } from "../../shell/Failure";
import { Frame } from "../../shell/Frame";
import type { PageProps } from "../../shell/path";
import { keys, useAct, useReport } from "../../shell/queries";
import { usePageTitle } from "../../shell/router";
import { Button } from "../../ui/Button";
import { Confirm } from "../../ui/Confirm";
import { Empty, Notice } from "../../ui/Notice";
import { ItemDialog } from "./ItemDialog";
import { ItemRow, SectionLink } from "./ItemRow";
import "../../styles/mandate.css";

export default function Mandate({ params }: PageProps) {
  const { t } = useTranslation();
  const report = useReport(params.reportId ?? "");
  const heading = usePageTitle(t("mandate.title"));
  return (
    <Frame report={report.data} width="measure">
      <div className="page-head">
        <div>
          <h1 {...heading}>{t("mandate.title")}</h1>
          <p className="soft">{t("mandate.lead")}</p>
        </div>
      </div>
      <Await of={report}>{(loaded) => <Items report={loaded} />}</Await>
    </Frame>
  );
}

type Open = { what: "add" } | { what: "edit" | "remove"; item: MandateItem } | null;

function Items({ report }: { report: Report }) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<Open>(null);
  const remove = useAct(dropMandateItem, [keys.desk(report.id)]);
  const items = report.mandate_items;
  const may = report.may.edit_mandate;
  const gaps = items.filter((item) => item.section_ids.length === 0).length;
  const sections = new Map(report.sections.map((section) => [section.id, section]));
  const close = (): void => setOpen(null);
  return (
    <div className="stack">
      {remove.error ? <Notice tone="danger">{sentenceOf(remove.error)}</Notice> : null}
      {items.length > 0 ? (
        <Notice tone={gaps > 0 ? "warning" : "good"}>
          {gaps > 0 ? t("mandate.gaps", { count: gaps }) : t("mandate.no_gaps")}
        </Notice>
      ) : null}
      <section className="sheet mandate">
        {items.length === 0 ? (
          <Empty title={t("mandate.empty_title")}>{t("mandate.empty")}</Empty>
        ) : (
          <ol className="plain-list">
            {items.map((item) => (
              <ItemRow
                key={item.id}
                item={item}
                answers={item.section_ids.flatMap((id) => sections.get(id) ?? [])}
                may={may}
                onEdit={() => setOpen({ what: "edit", item })}
                onRemove={() => setOpen({ what: "remove", item })}
              />
            ))}
          </ol>
        )}
        {may ? (
          <footer className="mandate-foot">
            <Button icon="add" onClick={() => setOpen({ what: "add" })}>
              {t("mandate.add")}
            </Button>
          </footer>
        ) : null}
      </section>
      <WithoutItem sections={report.sections} />
      {open?.what === "add" ? <ItemDialog reportId={report.id} onClose={close} /> : null}
      {open?.what === "edit" ? (
        <ItemDialog reportId={report.id} item={open.item} onClose={close} />
      ) : null}
      {open?.what === "remove" ? (
        <Confirm
          title={t("mandate.remove_title", { number: open.item.number })}
          confirm={t("mandate.remove")}
          cancel={t("app.cancel")}
          close={t("app.close")}
          onConfirm={() => remove.mutate(open.item.id)}
          onClose={close}
        >
          {t("mandate.remove_lead")}
        </Confirm>
      ) : null}
    </div>
  );
}

/** Numbered sections that answer nothing: perhaps rightly so, but the secretariat should know. */
function WithoutItem({ sections }: { sections: Section[] }) {
  const { t } = useTranslation();
  const loose = sections.filter(
    (section) => section.numbered && section.mandate_item_ids.length === 0,
  );
  if (loose.length === 0) return null;
  return (
    <section className="card stack-tight">
      <h2>{t("mandate.without_title")}</h2>
      <ul className="plain-list mandate-answers">
        {loose.map((section) => (
          <li key={section.id}>
            <SectionLink section={section} />
          </li>
        ))}
      </ul>
    </section>
  );
}
