/** What is to be exported, as of when, and in which format. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { sentenceOf } from "../../api/client";
import { askForExport, listRevisions } from "../../api/exports";
import type { ExportFormat, Report } from "../../api/shapes";
import { keys, useAct } from "../../shell/queries";
import { Button } from "../../ui/Button";
import { SelectField } from "../../ui/Field";
import { Notice } from "../../ui/Notice";

const FORMATS: readonly ExportFormat[] = ["docx", "pdf", "html", "markdown"];

export function AskForm({ report, firstSection }: { report: Report; firstSection: string }) {
  const { t } = useTranslation();
  const [sectionId, setSectionId] = useState(firstSection);
  const [revisionId, setRevisionId] = useState("");
  const [format, setFormat] = useState<ExportFormat>("docx");
  const revisions = useQuery({
    queryKey: keys.revisions(sectionId),
    queryFn: () => listRevisions(sectionId),
    enabled: sectionId !== "",
  });
  const ask = useAct(
    () =>
      askForExport({
        report_id: report.id,
        format,
        ...(sectionId ? { section_id: sectionId } : {}),
        ...(sectionId && revisionId ? { revision_id: revisionId } : {}),
      }),
    [keys.exports(report.id)],
  );

  function chooseSection(id: string): void {
    setSectionId(id);
    setRevisionId("");
  }

  return (
    <form
      className="card stack"
      onSubmit={(event) => {
        event.preventDefault();
        ask.mutate(undefined);
      }}
    >
      {ask.error ? <Notice tone="danger">{sentenceOf(ask.error)}</Notice> : null}
      <div className="exports-what">
        <SelectField
          label={t("exports.what")}
          value={sectionId}
          onChange={(event) => chooseSection(event.currentTarget.value)}
        >
          <option value="">{t("exports.whole")}</option>
          {report.sections.map((section) => (
            <option key={section.id} value={section.id}>
              {"\u2003".repeat(section.depth)}
              {[section.number, section.title].filter(Boolean).join(" ")}
            </option>
          ))}
        </SelectField>
        {sectionId ? (
          <SelectField
            label={t("exports.revision")}
            value={revisionId}
            onChange={(event) => setRevisionId(event.currentTarget.value)}
          >
            <option value="">{t("exports.live_text")}</option>
            {revisions.data?.map((revision) => (
              <option key={revision.id} value={revision.id}>
                {revision.name}
              </option>
            ))}
          </SelectField>
        ) : null}
      </div>
      <fieldset>
        <legend>{t("exports.format")}</legend>
        <div className="exports-formats">
          {FORMATS.map((name) => (
            <label className="choice" key={name}>
              <input
                type="radio"
                name="format"
                checked={format === name}
                onChange={() => setFormat(name)}
              />
              <span>
                <strong>{t(`exports.${name}`)}</strong>
                <br />
                <span className="small soft">{t(`exports.${name}_hint`)}</span>
              </span>
            </label>
          ))}
        </div>
      </fieldset>
      <div>
        <Button kind="primary" type="submit" busy={ask.isPending}>
          {t("exports.ask")}
        </Button>
      </div>
    </form>
  );
}
