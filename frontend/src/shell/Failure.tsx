/** What stands in a page's place when it could not be had: unreachable, not open, not there. */
import { Component, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { ApiError } from "../api/client";
import { Button } from "../ui/Button";
import { Empty, Skeleton } from "../ui/Notice";
import { Link } from "./router";

interface FailureProps {
  error: unknown;
  /** There is no such thing, though the server was reached. */
  missing?: boolean;
  retry?: () => void;
}

export function Failure({ error, missing = false, retry }: FailureProps) {
  const { t } = useTranslation();
  const back = (
    <Link className="button" to="/">
      {t("failure.back_to_reports")}
    </Link>
  );
  if (missing || (error instanceof ApiError && error.status === 404)) {
    return (
      <Empty icon="empty" title={t("failure.not_found_title")} action={back}>
        {t("failure.not_found")}
      </Empty>
    );
  }
  if (error instanceof ApiError) {
    return (
      <Empty icon="lock" title={t("failure.forbidden_title")} action={back}>
        {error.message}
      </Empty>
    );
  }
  return (
    <Empty
      icon="offline"
      title={t("failure.unreachable_title")}
      action={retry ? <Button onClick={retry}>{t("app.try_again")}</Button> : undefined}
    >
      {t("failure.unreachable")}
    </Empty>
  );
}

interface Asked<T> {
  data: T | undefined;
  error: unknown;
  refetch: () => unknown;
}

/** The content once it is there; until then its grey shape, or why it cannot be had. */
export function Await<T>({ of, children }: { of: Asked<T>; children: (value: T) => ReactNode }) {
  const { t } = useTranslation();
  if (of.data !== undefined) return children(of.data);
  if (of.error) return <Failure error={of.error} retry={() => void of.refetch()} />;
  return <Skeleton lines={6} label={t("app.loading")} />;
}

/** A bug in one page does not blank the whole window. */
export class Boundary extends Component<{ children: ReactNode }, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override render(): ReactNode {
    return this.state.broken ? <Broken /> : this.props.children;
  }
}

function Broken() {
  const { t } = useTranslation();
  return (
    <main>
      <Empty
        icon="warning"
        title={t("failure.broken_title")}
        action={
          <Button kind="primary" onClick={() => window.location.reload()}>
            {t("failure.reload")}
          </Button>
        }
      >
        {t("failure.broken")}
      </Empty>
    </main>
  );
}
