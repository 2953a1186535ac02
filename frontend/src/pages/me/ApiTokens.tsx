/** Tokens for programs that act in my name. */
import { useQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useTranslation } from "react-i18next";
import { dropApiToken, listApiTokens, makeApiToken } from "../../api/accounts";
import { sentenceOf } from "../../api/client";
import { keys, useAct } from "../../shell/queries";
import { ago } from "../../shell/time";
import { Button } from "../../ui/Button";
import { Copyable } from "../../ui/Copyable";
import { TextField } from "../../ui/Field";
import { Notice } from "../../ui/Notice";

export function ApiTokens() {
  const { t } = useTranslation();
  const [name, setName] = useState("");
  const tokens = useQuery({ queryKey: keys.apiTokens, queryFn: listApiTokens });
  const make = useAct(() => makeApiToken(name), [keys.apiTokens]);
  const drop = useAct(dropApiToken, [keys.apiTokens]);
  const error = make.error ?? drop.error ?? tokens.error;

  async function submit(event: FormEvent): Promise<void> {
    event.preventDefault();
    await make.mutateAsync(undefined).then(
      () => setName(""),
      () => undefined,
    );
  }

  return (
    <section className="card stack">
      <h2>{t("me.tokens")}</h2>
      <p className="soft">{t("me.tokens_lead")}</p>
      {error ? <Notice tone="danger">{sentenceOf(error)}</Notice> : null}
      {make.data?.token ? (
        <Notice tone="good">
          <p>{t("me.token_once")}</p>
          <Copyable
            value={make.data.token}
            label={t("me.token_field")}
            copy={t("app.copy")}
            copied={t("app.copied")}
          />
        </Notice>
      ) : null}
      <ul className="plain-list stack-tight">
        {tokens.data?.map((token) => (
          <li className="row" key={token.id}>
            <strong>{token.name}</strong>
            <span className="small soft">
              {t("me.token_made", { when: ago(token.created_at) })}
              {" · "}
              {token.last_used_at
                ? t("me.token_used", { when: ago(token.last_used_at) })
                : t("me.token_unused")}
            </span>
            <Button kind="danger" onClick={() => drop.mutate(token.id)}>
              {t("me.drop_token")}
              <span className="visually-hidden">: {token.name}</span>
            </Button>
          </li>
        ))}
      </ul>
      {tokens.data?.length === 0 ? <p className="soft">{t("me.no_tokens")}</p> : null}
      <form className="form" onSubmit={(event) => void submit(event)}>
        <TextField
          label={t("me.token_name")}
          required
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <div>
          <Button type="submit" busy={make.isPending}>
            {t("me.make_token")}
          </Button>
        </div>
      </form>
    </section>
  );
}
