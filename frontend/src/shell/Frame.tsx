/** The frame round every page: skip link, way back, the report's places, my menu. */
import { type ReactNode, useId } from "react";
import { useTranslation } from "react-i18next";
import { signOut } from "../api/accounts";
import { Icon, type IconName } from "../ui/Icon";
import { Menu } from "../ui/Menu";
import { useMember } from "./member";
import { Link, navigate, usePath } from "./router";
import { chooseTheme, THEMES, type Theme, useTheme } from "./theme";
import "../styles/frame.css";

interface FrameProps {
  /** The report whose places stand in the bar. */
  report?: { id: string; title: string; symbol: string; working_group: { id: string } };
  /** Something that must stay in sight, such as whether the text is saved. */
  aside?: ReactNode;
  /** Pages of text and tables keep a measure; work benches take the full width. */
  width?: "measure" | "wide" | "full";
  children: ReactNode;
}

export function Frame({ report, aside, width = "wide", children }: FrameProps) {
  const { t } = useTranslation();
  const content = useId();
  return (
    <div className="frame">
      <a className="skip-link" href={`#${content}`}>
        {t("app.skip")}
      </a>
      <header className="frame-bar">
        <Link className="frame-mark" to="/" aria-label={t("app.home")}>
          <img src="/icon.svg" alt="" width="28" height="28" />
          <span className="frame-name">{t("app.name")}</span>
        </Link>
        {report ? <ReportPlaces report={report} /> : <span className="frame-fill" />}
        <div className="frame-aside">{aside}</div>
        <MyMenu />
      </header>
      <main className="frame-main" id={content} tabIndex={-1} data-width={width}>
        {children}
      </main>
    </div>
  );
}

function ReportPlaces({ report }: { report: NonNullable<FrameProps["report"]> }) {
  const { t } = useTranslation();
  const home = `/reports/${report.id}`;
  return (
    <nav className="frame-nav" aria-label={t("nav.label")}>
      <span className="frame-report" title={report.title}>
        {report.symbol || report.title}
      </span>
      <ul className="plain-list frame-places">
        <Place to={home} icon="menu" also={`${home}/sections/`}>
          {t("nav.desk")}
        </Place>
        <Place to={`${home}/mandate`} icon="check">
          {t("nav.mandate")}
        </Place>
        <Place to={`${home}/meeting`} icon="screen" also={`${home}/podium`}>
          {t("nav.floor")}
        </Place>
        <Place to={`${home}/exports`} icon="download">
          {t("nav.exports")}
        </Place>
        <Place to={`/groups/${report.working_group.id}?report=${report.id}`} icon="group">
          {t("nav.office")}
        </Place>
      </ul>
    </nav>
  );
}

interface PlaceProps {
  to: string;
  icon: IconName;
  /** Beginning of other addresses that belong to this place. */
  also?: string;
  children: ReactNode;
}

function Place({ to, icon, also, children }: PlaceProps) {
  const path = usePath();
  const here = path === to.split("?")[0] || (also !== undefined && path.startsWith(also));
  return (
    <li>
      <Link className="frame-place" to={to} aria-current={here ? "page" : undefined}>
        <Icon name={icon} />
        <span>{children}</span>
      </Link>
    </li>
  );
}

const THEME_ICON: Record<Theme, IconName> = { system: "screen", light: "sun", dark: "moon" };

function MyMenu() {
  const { t } = useTranslation();
  const me = useMember();
  const shown = useTheme();
  async function leave(): Promise<void> {
    await signOut().catch(() => undefined);
    // A full load: nothing of this member stays in the page.
    window.location.assign("/sign-in");
  }
  return (
    <Menu
      label={t("app.my_menu", { name: me.name })}
      acts={[
        { label: t("app.my_account"), icon: "user", run: () => navigate("/me") },
        ...THEMES.filter((theme) => theme !== shown).map((theme) => ({
          label: t(`theme.use_${theme}`),
          icon: THEME_ICON[theme],
          run: () => chooseTheme(theme),
        })),
        { label: t("app.sign_out"), icon: "arrow", run: () => void leave() },
      ]}
    >
      <Icon name="user" />
      <span className="frame-me">{me.name}</span>
    </Menu>
  );
}
