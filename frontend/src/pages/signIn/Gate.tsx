/** The quiet sheet on which the sign-in pages stand. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import "../../styles/gate.css";

export function Gate({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  return (
    <main className="gate">
      <div className="gate-sheet sheet">
        <p className="gate-mark">
          <img src="/icon.svg" alt="" width="36" height="36" />
          {t("app.name")}
        </p>
        {children}
      </div>
    </main>
  );
}
