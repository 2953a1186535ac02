/** Hall screens: open one, see what it shows, close it. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { sentenceOf } from "../../../api/client";
import { closeScreen, listScreens, openScreen, type Screen } from "../../../api/plenary";
import { Await } from "../../../shell/Failure";
import { useAct } from "../../../shell/queries";
import { Button, IconButton } from "../../../ui/Button";
import { Copyable } from "../../../ui/Copyable";
import { Dialog } from "../../../ui/Dialog";
import { Icon } from "../../../ui/Icon";
import { Notice } from "../../../ui/Notice";
import { Preview } from "./Preview";
import { forgetToken, knownTokens, rememberToken } from "./tokens";

export function Screens({ meetingId }: { meetingId: string }) {
  const { t } = useTranslation();
  const screens = useQuery({
    queryKey: ["screens", meetingId],
    queryFn: () => listScreens(meetingId),
  });
  const [opened, setOpened] = useState<Screen | null>(null);
  const [tokens, setTokens] = useState(() => knownTokens(meetingId));
  const renews = [["screens", meetingId]];
  const open = useAct(() => openScreen(meetingId, t("podium.screen_name")), renews);
  const close = useAct(closeScreen, renews);
  const shown = screens.data?.filter(({ revoked_at }) => revoked_at === null) ?? [];
  const seen = shown.find(({ id }) => tokens[id]);

  async function openOne(): Promise<void> {
    const screen = await open.mutateAsync(undefined);
    if (screen.token) setTokens(rememberToken(meetingId, screen.id, screen.token));
    setOpened(screen);
  }

  return (
    <section className="podium-card stack-tight">
      <div className="podium-card-head">
        <h2>{t("podium.screens")}</h2>
        <Button
          icon="add"
          busy={open.isPending}
          onClick={() => void openOne().catch(() => undefined)}
        >
          {t("podium.screen_open")}
        </Button>
      </div>
      {open.error ? <Notice tone="danger">{sentenceOf(open.error)}</Notice> : null}
      {close.error ? <Notice tone="danger">{sentenceOf(close.error)}</Notice> : null}
      {seen ? <Preview token={tokens[seen.id] ?? ""} /> : null}
      <Await of={screens}>
        {() => (
          <ScreenList
            shown={shown}
            tokens={tokens}
            onClose={(id) => {
              setTokens(forgetToken(meetingId, id));
              close.mutate(id);
            }}
          />
        )}
      </Await>
      {shown.length > 0 && !seen ? (
        <p className="small soft">{t("podium.screen_elsewhere")}</p>
      ) : null}
      {opened ? <Opened screen={opened} onClose={() => setOpened(null)} /> : null}
    </section>
  );
}

interface ScreenListProps {
  shown: readonly Screen[];
  tokens: Readonly<Record<string, string>>;
  onClose: (id: string) => void;
}

function ScreenList({ shown, tokens, onClose }: ScreenListProps) {
  const { t } = useTranslation();
  if (shown.length === 0) return <p className="small soft">{t("podium.screens_none")}</p>;
  return (
    <ul className="plain-list">
      {shown.map((screen, at) => (
        <li className="podium-screen" key={screen.id}>
          <Icon name="screen" />
          <span className="podium-screen-name">
            {t("podium.screen_n", { label: screen.label, number: at + 1 })}
          </span>
          {tokens[screen.id] ? (
            <a href={`/screen/${tokens[screen.id]}`} target="_blank" rel="noreferrer">
              {t("podium.screen_tab")}
            </a>
          ) : null}
          <IconButton
            icon="close"
            label={t("podium.screen_close", { number: at + 1 })}
            onClick={() => onClose(screen.id)}
          />
        </li>
      ))}
    </ul>
  );
}

function Opened({ screen, onClose }: { screen: Screen; onClose: () => void }) {
  const { t } = useTranslation();
  const address = screen.url ?? `${window.location.origin}/screen/${screen.token}`;
  return (
    <Dialog title={t("podium.screen_opened")} closeLabel={t("app.close")} onClose={onClose}>
      <p>{t("podium.screen_opened_lead")}</p>
      <Copyable
        value={address}
        label={t("podium.screen_address")}
        copy={t("app.copy")}
        copied={t("app.copied")}
      />
      <div className="dialog-actions">
        <Button onClick={onClose}>{t("app.close")}</Button>
        <a
          className="button"
          data-kind="primary"
          href={`/screen/${screen.token}`}
          target="_blank"
          rel="noreferrer"
        >
          {t("podium.screen_tab")}
        </a>
      </div>
    </Dialog>
  );
}
