/** The hall screen, projected: needs no sign-in and no keyboard, and fetches nothing but its text. */
import { useCallback, useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { HallScreen } from "../../hall/HallScreen";
import { useHall, useNow } from "../../hall/useHall";
import { keep, kept } from "../../shell/kept";
import type { PageProps } from "../../shell/path";
import { chooseTheme, currentTheme } from "../../shell/theme";
import { Controls } from "./Controls";
import { actOf, readSettings, resized, type ScreenAct, type ScreenSettings } from "./settings";

export default function Screen({ params }: PageProps) {
  const { t } = useTranslation();
  const state = useHall(params.token ?? "");
  const now = useNow();
  const [{ size }, act] = useSettings();
  const title = state.picture?.meeting.title ?? t("hall.title");
  useEffect(() => {
    document.title = title;
  }, [title]);
  return (
    <div className="hall-page">
      <HallScreen state={state} now={now} size={size} />
      <Controls onAct={act} />
    </div>
  );
}

const STORED = "rapporteur.screen_size";

function useSettings(): [ScreenSettings, (act: ScreenAct) => void] {
  const [settings, setSettings] = useState(() => readSettings(kept(STORED)));
  const act = useCallback((wish: ScreenAct) => {
    if (wish === "full_screen") void toggleFullScreen();
    else if (wish === "dark_light") toggleTheme();
    else setSettings((before) => resized(before, wish));
  }, []);
  useEffect(() => keep(STORED, String(settings.size)), [settings]);
  useEffect(() => {
    function press(event: KeyboardEvent): void {
      const wish = actOf(event);
      if (!wish) return;
      event.preventDefault();
      act(wish);
    }
    window.addEventListener("keydown", press);
    return () => window.removeEventListener("keydown", press);
  }, [act]);
  return [settings, act];
}

function toggleTheme(): void {
  const theme = currentTheme();
  const isDark =
    theme === "system" ? matchMedia("(prefers-color-scheme: dark)").matches : theme === "dark";
  chooseTheme(isDark ? "light" : "dark");
}

async function toggleFullScreen(): Promise<void> {
  try {
    if (document.fullscreenElement) await document.exitFullscreen();
    else await document.documentElement.requestFullscreen();
  } catch {
    // The browser keeps full screen to itself here: its own key still works.
  }
}
