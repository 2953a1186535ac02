/** The secretariat opens a report with the questions that it must answer. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { sentenceOf } from "../../api/client";
import { makeReport } from "../../api/reports";
import { keys, useAct } from "../../shell/queries";
import { navigate } from "../../shell/router";
import { Button } from "../../ui/Button";
import { Dialog } from "../../ui/Dialog";
import { SelectField, TextArea, TextField } from "../../ui/Field";
import { Notice } from "../../ui/Notice";

const ZONES = Intl.supportedValuesOf("timeZone");
const HERE = Intl.DateTimeFormat().resolvedOptions().timeZone;

export function NewReport({ groupId, onClose }: { groupId: string; onClose: () => void }) {
  const { t } = useTranslation();
  const [title, setTitle] = useState("");
  const [symbol, setSymbol] = useState("");
  const [zone, setZone] = useState(HERE);
  const [items, setItems] = useState("");
  const make = useAct(
    () => makeReport(groupId, { title, symbol, zone, mandate_items: linesOf(items) }),
    [keys.reports],
  );

  async function submit(): Promise<void> {
    const report = await make.mutateAsync(undefined).catch(() => null);
    if (report) navigate(`/reports/${report.id}`);
  }

  return (
    <Dialog title={t("home.new_report")} closeLabel={t("app.close")} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        {make.error ? <Notice tone="danger">{sentenceOf(make.error)}</Notice> : null}
        <TextField
          label={t("home.report_title")}
          required
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <TextField
          label={t("home.report_symbol")}
          hint={t("home.report_symbol_hint")}
          value={symbol}
          onChange={(event) => setSymbol(event.currentTarget.value)}
        />
        <SelectField
          label={t("home.report_zone")}
          value={zone}
          onChange={(event) => setZone(event.currentTarget.value)}
        >
          {[...new Set([HERE, "UTC", ...ZONES])].map((name) => (
            <option key={name}>{name}</option>
          ))}
        </SelectField>
        <TextArea
          label={t("home.report_mandate")}
          hint={t("home.report_mandate_hint")}
          rows={5}
          value={items}
          onChange={(event) => setItems(event.currentTarget.value)}
        />
        <div className="dialog-actions">
          <Button onClick={onClose}>{t("app.cancel")}</Button>
          <Button kind="primary" type="submit" busy={make.isPending}>
            {t("home.open_report")}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

function linesOf(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}
