/** One file: how far it has come, and what can be done with it. */
import { useTranslation } from "react-i18next";
import { sentenceOf } from "../../api/client";
import { cancelExport, exportFileUrl } from "../../api/exports";
import type { Export, ExportState, Report } from "../../api/shapes";
import { keys, useAct } from "../../shell/queries";
import { ago, dateOf } from "../../shell/time";
import { Button } from "../../ui/Button";
import { Icon } from "../../ui/Icon";
import { Notice } from "../../ui/Notice";

const TONE: Partial<Record<ExportState, string>> = {
  running: "accent",
  done: "good",
  failed: "danger",
};

export function FileRow({ file, report }: { file: Export; report: Report }) {
  const { t } = useTranslation();
  const cancel = useAct(cancelExport, [keys.exports(report.id)]);
  const inWork = file.state === "waiting" || file.state === "running";
  return (
    <li className="exports-file">
      <div className="stack-tight exports-facts">
        <p className="row">
          <strong>{file.filename ?? t(`exports.${file.format}`)}</strong>
          <span className="chip" data-tone={TONE[file.state]}>
            {t(`exports.${file.state}`)}
          </span>
        </p>
        <p className="small soft">
          {t("exports.made", { when: ago(file.created_at) })}
          {file.size_bytes ? ` · ${t("exports.size", { size: kilobytes(file.size_bytes) })}` : ""}
          {file.kept_until
            ? ` · ${t("exports.kept_until", { when: dateOf(file.kept_until) })}`
            : ""}
        </p>
        {file.state === "running" ? <Stage file={file} /> : null}
        {file.error ? <Notice tone="danger">{file.error}</Notice> : null}
        {cancel.error ? <Notice tone="danger">{sentenceOf(cancel.error)}</Notice> : null}
      </div>
      {inWork ? (
        <Button icon="close" busy={cancel.isPending} onClick={() => cancel.mutate(file.id)}>
          {t("exports.cancel")}
        </Button>
      ) : null}
      {file.state === "done" ? (
        <a className="button" data-kind="primary" href={exportFileUrl(file.id)} download>
          <Icon name="download" />
          {t("exports.download")}
        </a>
      ) : null}
    </li>
  );
}

function Stage({ file }: { file: Export }) {
  const { t } = useTranslation();
  const { stage, done, total } = file;
  const sentence =
    total > 0 ? t("exports.stage", { stage, done, total }) : t("exports.stage_only", { stage });
  return (
    <div className="stack-tight" role="status">
      <span className="small">{sentence}</span>
      <progress
        className="progress"
        aria-label={sentence}
        {...(total > 0 ? { value: done, max: total } : {})}
      />
    </div>
  );
}

function kilobytes(bytes: number): string {
  return String(Math.max(1, Math.round(bytes / 1024)));
}
