/** A thing to press: says what it does, shows when it is busy. */
import type { ButtonHTMLAttributes, ReactNode } from "react";
import { Icon, type IconName } from "./Icon";

interface ButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  kind?: "primary" | "plain" | "quiet" | "danger";
  icon?: IconName;
  busy?: boolean;
  children?: ReactNode;
}

export function Button({ kind = "plain", icon, busy = false, children, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className={`button ${rest.className ?? ""}`.trim()}
      data-kind={kind}
      disabled={rest.disabled || busy}
      aria-busy={busy || undefined}
    >
      {icon ? <Icon name={icon} /> : null}
      {children}
    </button>
  );
}

interface IconButtonProps extends ButtonHTMLAttributes<HTMLButtonElement> {
  icon: IconName;
  /** Said to readers of the screen and shown on hover. */
  label: string;
}

export function IconButton({ icon, label, ...rest }: IconButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      className="button"
      data-kind="quiet"
      data-shape="icon"
      aria-label={label}
      title={label}
    >
      <Icon name={icon} />
    </button>
  );
}
