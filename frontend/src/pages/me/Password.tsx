/** Choose or change the password. */
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { changePassword } from "../../api/accounts";
import { sentenceOf } from "../../api/client";
import { keys, useAct } from "../../shell/queries";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { Notice } from "../../ui/Notice";

export function Password({ hasOne }: { hasOne: boolean }) {
  const { t } = useTranslation();
  const [current, setCurrent] = useState("");
  const [next, setNext] = useState("");
  const change = useAct(() => changePassword(hasOne ? current : null, next), [keys.me]);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    await change.mutateAsync(undefined).then(clear, () => undefined);
  }

  function clear(): void {
    setCurrent("");
    setNext("");
  }

  return (
    <section className="card stack">
      <h2>{t("me.password")}</h2>
      <form className="form" onSubmit={(event) => void submit(event)}>
        {change.error ? <Notice tone="danger">{sentenceOf(change.error)}</Notice> : null}
        {change.isSuccess ? <Notice tone="good">{t("me.password_changed")}</Notice> : null}
        {hasOne ? (
          <TextField
            label={t("me.current_password")}
            type="password"
            autoComplete="current-password"
            required
            value={current}
            onChange={(event) => setCurrent(event.currentTarget.value)}
          />
        ) : null}
        <TextField
          label={t("me.new_password")}
          hint={t("me.new_hint")}
          type="password"
          autoComplete="new-password"
          required
          minLength={10}
          value={next}
          onChange={(event) => setNext(event.currentTarget.value)}
        />
        <div>
          <Button type="submit" busy={change.isPending}>
            {hasOne ? t("me.change_password") : t("me.choose_password")}
          </Button>
        </div>
      </form>
    </section>
  );
}
