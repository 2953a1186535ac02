/** What a page says when there is nothing to show, something failed, or it is still on its way. */
import type { ReactNode } from "react";
import { Icon, type IconName } from "./Icon";

export type Tone = "neutral" | "good" | "warning" | "danger";

const ICON_OF: Record<Tone, IconName> = {
  neutral: "empty",
  good: "check",
  warning: "warning",
  danger: "warning",
};

interface NoticeProps {
  tone?: Tone;
  /** Instead of the tone's own drawing. */
  icon?: IconName;
  children: ReactNode;
}

export function Notice({ tone = "neutral", icon, children }: NoticeProps) {
  return (
    <div className="notice" data-tone={tone} role={tone === "danger" ? "alert" : "status"}>
      <Icon name={icon ?? ICON_OF[tone]} />
      <div>{children}</div>
    </div>
  );
}

interface EmptyProps {
  icon?: IconName;
  title: string;
  children?: ReactNode;
  action?: ReactNode;
}

export function Empty({ icon = "empty", title, children, action }: EmptyProps) {
  return (
    <div className="empty">
      <Icon name={icon} />
      <h2>{title}</h2>
      {children ? <p>{children}</p> : null}
      {action}
    </div>
  );
}

/** Grey lines in the shape of what is coming. */
export function Skeleton({ lines, label }: { lines: number; label: string }) {
  const widths = Array.from({ length: lines }, (_, line) => `${90 - ((line * 23) % 45)}%`);
  return (
    <div className="stack" role="status">
      <span className="visually-hidden">{label}</span>
      {widths.map((width, line) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the lines are all alike and never move.
        <span className="skeleton" key={line} style={{ inlineSize: width }} />
      ))}
    </div>
  );
}
