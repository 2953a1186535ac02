/** Files of the report: ask for one, watch it being made, cancel it, fetch it. */
import { useTranslation } from "react-i18next";
import { Await } from "../../shell/Failure";
import { Frame } from "../../shell/Frame";
import type { PageProps } from "../../shell/path";
import { useExports, useReport } from "../../shell/queries";
import { usePageTitle, useQueryValue } from "../../shell/router";
import { Empty } from "../../ui/Notice";
import { AskForm } from "./AskForm";
import { FileRow } from "./FileRow";
import "../../styles/exports.css";

export default function Exports({ params }: PageProps) {
  const { t } = useTranslation();
  const reportId = params.reportId ?? "";
  const report = useReport(reportId);
  const files = useExports(reportId);
  const heading = usePageTitle(t("exports.title"));
  const section = useQueryValue("section");
  return (
    <Frame report={report.data} width="measure">
      <div className="page-head">
        <div>
          <h1 {...heading}>{t("exports.title")}</h1>
          <p className="soft">{t("exports.lead")}</p>
        </div>
      </div>
      <Await of={report}>
        {(loaded) => (
          <div className="stack">
            <AskForm report={loaded} firstSection={section ?? ""} />
            <section className="sheet exports-list" aria-labelledby="files">
              <h2 id="files">{t("exports.list")}</h2>
              <Await of={files}>
                {(list) =>
                  list.length === 0 ? (
                    <Empty icon="download" title={t("exports.empty_title")}>
                      {t("exports.empty")}
                    </Empty>
                  ) : (
                    <ul className="plain-list">
                      {list.map((file) => (
                        <FileRow key={file.id} file={file} report={loaded} />
                      ))}
                    </ul>
                  )
                }
              </Await>
            </section>
          </div>
        )}
      </Await>
    </Frame>
  );
}
