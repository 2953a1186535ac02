/** The keys' acts as buttons, which come when the pointer moves and go when it rests. */
import { useEffect, useState } from "react";
import { useTranslation } from "react-i18next";
import { IconButton } from "../../ui/Button";
import type { IconName } from "../../ui/Icon";
import type { ScreenAct } from "./settings";

const REST_MS = 2500;

const ACTS: readonly [act: ScreenAct, icon: IconName][] = [
  ["smaller", "down"],
  ["larger", "up"],
  ["full_screen", "screen"],
  ["dark_light", "moon"],
];

export function Controls({ onAct }: { onAct: (act: ScreenAct) => void }) {
  const { t } = useTranslation();
  const isMoving = usePointerMoving();
  return (
    <aside className="hall-controls" data-shown={isMoving} aria-label={t("hall.controls")}>
      {ACTS.map(([act, icon]) => (
        <IconButton key={act} icon={icon} label={t(`hall.${act}`)} onClick={() => onAct(act)} />
      ))}
    </aside>
  );
}

function usePointerMoving(): boolean {
  const [isMoving, setMoving] = useState(false);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    function moved(): void {
      setMoving(true);
      clearTimeout(timer);
      timer = setTimeout(() => setMoving(false), REST_MS);
    }
    window.addEventListener("pointermove", moved);
    return () => {
      window.removeEventListener("pointermove", moved);
      clearTimeout(timer);
    };
  }, []);
  return isMoving;
}
