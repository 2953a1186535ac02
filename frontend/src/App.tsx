/** Puts the page of the present address on the screen, behind the sign-in where it must be. */
import { useQueryClient } from "@tanstack/react-query";
import { Suspense, useEffect } from "react";
import { useTranslation } from "react-i18next";
import { ApiError, whenSignedOut } from "./api/client";
import { findRoute, type Route } from "./routes";
import { Boundary, Failure } from "./shell/Failure";
import { Frame } from "./shell/Frame";
import { LiveProvider } from "./shell/live";
import { Member } from "./shell/member";
import type { Params } from "./shell/path";
import { keys, useMe } from "./shell/queries";
import { navigate, usePath } from "./shell/router";
import { Empty, Skeleton } from "./ui/Notice";

export function App() {
  const path = usePath();
  const found = findRoute(path);
  return (
    <Boundary>
      {found?.route.open ? <Shown {...found} /> : <BehindSignIn path={path} found={found} />}
    </Boundary>
  );
}

interface Found {
  route: Route;
  params: Params;
}

function Shown({ route: { page: Page, pattern }, params }: Found) {
  return (
    <Boundary key={pattern}>
      <Suspense fallback={<Coming />}>
        <Page params={params} />
      </Suspense>
    </Boundary>
  );
}

function BehindSignIn({ path, found }: { path: string; found: Found | null }) {
  const me = useMe();
  const client = useQueryClient();
  const signedOut = me.error instanceof ApiError && me.error.status === 401;
  useEffect(() => {
    whenSignedOut(() => {
      if (client.getQueryData(keys.me)) void client.resetQueries({ queryKey: keys.me });
    });
  }, [client]);
  useEffect(() => {
    if (signedOut) navigate(`/sign-in?back=${encodeURIComponent(path)}`, { replace: true });
  }, [signedOut, path]);
  if (me.data) {
    return (
      <Member.Provider value={me.data}>
        <LiveProvider>{found ? <Shown {...found} /> : <NoPage />}</LiveProvider>
      </Member.Provider>
    );
  }
  if (me.error && !signedOut) return <Failure error={me.error} retry={() => void me.refetch()} />;
  return <Coming />;
}

function NoPage() {
  const { t } = useTranslation();
  return (
    <Frame width="measure">
      <Empty title={t("failure.not_found_title")}>{t("failure.not_found")}</Empty>
    </Frame>
  );
}

function Coming() {
  const { t } = useTranslation();
  return (
    <div className="frame-main" data-width="measure">
      <Skeleton lines={5} label={t("app.loading")} />
    </div>
  );
}
