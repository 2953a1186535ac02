/** A button that opens a list of acts: arrows move, Escape closes, focus returns to the button. */
import { type KeyboardEvent, type ReactNode, useId, useRef } from "react";
import { Icon, type IconName } from "./Icon";

export interface MenuAct {
  label: string;
  icon?: IconName;
  keys?: string;
  kind?: "danger";
  disabled?: boolean;
  run: () => void;
}

interface MenuProps {
  /** Said to readers of the screen. */
  label: string;
  acts: MenuAct[];
  icon?: IconName;
  children?: ReactNode;
}

export function Menu({ label, acts, icon = "more", children }: MenuProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLDivElement>(null);

  function place(): void {
    if (!button.current || !list.current?.matches(":popover-open")) return;
    const at = spot(button.current.getBoundingClientRect(), list.current.getBoundingClientRect());
    list.current.style.left = `${at.left}px`;
    list.current.style.top = `${at.top}px`;
    itemsOf(list.current)[0]?.focus();
  }

  function close(): void {
    list.current?.hidePopover();
    button.current?.focus();
  }

  return (
    <>
      <button
        type="button"
        className="button"
        data-kind="quiet"
        data-shape={children ? undefined : "icon"}
        ref={button}
        aria-haspopup="menu"
        aria-label={label}
        title={children ? undefined : label}
        popoverTarget={id}
      >
        {children ?? <Icon name={icon} />}
      </button>
      <div
        className="menu"
        id={id}
        ref={list}
        role="menu"
        tabIndex={-1}
        aria-label={label}
        popover="auto"
        onToggle={place}
        onKeyDown={(event) => moveFocus(event, list.current)}
      >
        {acts.map((act) => (
          <button
            key={act.label}
            type="button"
            role="menuitem"
            tabIndex={-1}
            className="menu-item"
            data-kind={act.kind}
            disabled={act.disabled}
            onClick={() => {
              close();
              act.run();
            }}
          >
            {act.icon ? <Icon name={act.icon} /> : null}
            <span>{act.label}</span>
            {act.keys ? <kbd className="menu-keys">{act.keys}</kbd> : null}
          </button>
        ))}
      </div>
    </>
  );
}

const GAP = 4;

/** Under the button with the far edges in line, or over it where there is no room below. */
export function spot(button: DOMRect, list: DOMRect): { left: number; top: number } {
  const left = Math.min(button.left, window.innerWidth - list.width - GAP);
  const below = button.bottom + GAP;
  const fits = below + list.height <= window.innerHeight;
  return { left: Math.max(GAP, left), top: fits ? below : Math.max(GAP, button.top - list.height) };
}

function itemsOf(list: HTMLElement | null): HTMLButtonElement[] {
  return [...(list?.querySelectorAll<HTMLButtonElement>("[role=menuitem]:enabled") ?? [])];
}

function moveFocus(event: KeyboardEvent, list: HTMLElement | null): void {
  const items = itemsOf(list);
  const at = items.indexOf(document.activeElement as HTMLButtonElement);
  const next: Record<string, number> = {
    ArrowDown: (at + 1) % items.length,
    ArrowUp: (at - 1 + items.length) % items.length,
    Home: 0,
    End: items.length - 1,
  };
  const target = next[event.key];
  if (target === undefined) return;
  event.preventDefault();
  items[target]?.focus();
}
