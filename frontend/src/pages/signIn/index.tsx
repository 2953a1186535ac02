/** Sign in with e-mail and password. */
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { signIn } from "../../api/accounts";
import { sentenceOf } from "../../api/client";
import { safeReturn } from "../../shell/path";
import { keys, useAct } from "../../shell/queries";
import { navigate, usePageTitle, useQueryValue } from "../../shell/router";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { Notice } from "../../ui/Notice";
import { Gate } from "./Gate";

export default function SignIn() {
  const { t } = useTranslation();
  const heading = usePageTitle(t("sign_in.title"));
  const back = safeReturn(useQueryValue("back"));
  const client = useQueryClient();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const enter = useAct(() => signIn(email, password), []);

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    const me = await enter.mutateAsync(undefined).catch(() => null);
    if (!me) return;
    client.setQueryData(keys.me, me);
    navigate(back, { replace: true });
  }

  return (
    <Gate>
      <h1 {...heading}>{t("sign_in.title")}</h1>
      <p className="soft">{t("sign_in.lead")}</p>
      <form className="stack" onSubmit={(event) => void submit(event)}>
        {enter.error ? <Notice tone="danger">{sentenceOf(enter.error)}</Notice> : null}
        <TextField
          label={t("sign_in.email")}
          type="email"
          autoComplete="username"
          required
          value={email}
          onChange={(event) => setEmail(event.currentTarget.value)}
        />
        <TextField
          label={t("sign_in.password")}
          type="password"
          autoComplete="current-password"
          required
          value={password}
          onChange={(event) => setPassword(event.currentTarget.value)}
        />
        <Button kind="primary" type="submit" busy={enter.isPending}>
          {t("sign_in.submit")}
        </Button>
      </form>
      <p className="small soft">{t("sign_in.link_hint")}</p>
    </Gate>
  );
}
