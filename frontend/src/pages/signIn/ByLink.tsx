/** A one-time link: the member presses once, so that a preview robot cannot use the link up. */
import { useQueryClient } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { signInByLink } from "../../api/accounts";
import { sentenceOf } from "../../api/client";
import type { PageProps } from "../../shell/path";
import { keys, useAct } from "../../shell/queries";
import { Link, navigate, usePageTitle } from "../../shell/router";
import { Button } from "../../ui/Button";
import { Notice } from "../../ui/Notice";
import { Gate } from "./Gate";

export default function ByLink({ params }: PageProps) {
  const { t } = useTranslation();
  const heading = usePageTitle(t("sign_in.by_link_title"));
  const client = useQueryClient();
  const enter = useAct(() => signInByLink(params.token ?? ""), []);

  async function submit(): Promise<void> {
    const me = await enter.mutateAsync(undefined).catch(() => null);
    if (!me) return;
    client.clear();
    client.setQueryData(keys.me, me);
    navigate("/", { replace: true });
  }

  return (
    <Gate>
      <h1 {...heading}>{t("sign_in.by_link_title")}</h1>
      {enter.error ? (
        <>
          <Notice tone="danger">
            <strong>{t("sign_in.by_link_failed")}</strong>
            <br />
            {sentenceOf(enter.error)}
          </Notice>
          <p className="soft">{t("sign_in.by_link_hint")}</p>
          <Link className="button" to="/sign-in">
            {t("sign_in.title")}
          </Link>
        </>
      ) : (
        <>
          <p className="soft">{t("sign_in.by_link_lead")}</p>
          <Button kind="primary" busy={enter.isPending} autoFocus onClick={() => void submit()}>
            {t("sign_in.by_link_submit")}
          </Button>
        </>
      )}
    </Gate>
  );
}
