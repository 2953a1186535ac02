/** A dialog on the browser's own: it traps focus, closes on Escape and gives focus back. */
import { type ReactNode, useEffect, useId, useRef } from "react";
import { IconButton } from "./Button";

interface DialogProps {
  title: string;
  closeLabel: string;
  onClose: () => void;
  children: ReactNode;
}

/** Open for as long as it is rendered. */
export function Dialog({ title, closeLabel, onClose, children }: DialogProps) {
  const id = useId();
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    if (dialog && !dialog.open) {
      dialog.showModal();
      firstOf(dialog)?.focus();
    }
    return () => dialog?.close();
  }, []);
  return (
    <dialog
      className="dialog"
      ref={ref}
      aria-labelledby={id}
      onCancel={(event) => {
        event.preventDefault();
        onClose();
      }}
    >
      <div className="dialog-body">
        <div className="dialog-head">
          <h2 id={id}>{title}</h2>
          <IconButton icon="close" label={closeLabel} onClick={onClose} />
        </div>
        {children}
      </div>
    </dialog>
  );
}

/** What was marked as first, else the first field, else the first act: never the closing cross. */
function firstOf(dialog: HTMLElement): HTMLElement | null {
  const wishes = [
    "[data-first]",
    ":is(input, textarea, select):enabled",
    ".dialog-actions :enabled",
  ];
  for (const wish of wishes) {
    const found = dialog.querySelector<HTMLElement>(wish);
    if (found) return found;
  }
  return null;
}
