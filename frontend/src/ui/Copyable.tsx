/** A text to take away: a field that selects itself, and a button that copies it. */
import { useState } from "react";
import { Button } from "./Button";

interface CopyableProps {
  value: string;
  /** Names the field for readers of the screen. */
  label: string;
  copy: string;
  copied: string;
}

export function Copyable({ value, label, copy, copied }: CopyableProps) {
  return (
    <div className="copyable">
      <input
        className="input"
        readOnly
        value={value}
        aria-label={label}
        onFocus={(event) => event.currentTarget.select()}
      />
      <CopyButton {...{ value, copy, copied }} />
    </div>
  );
}

export function CopyButton({ value, copy, copied }: Omit<CopyableProps, "label">) {
  const [done, setDone] = useState(false);
  return (
    <Button icon="copy" onClick={() => void copyText(value).then(setDone)}>
      <span aria-live="polite">{done ? copied : copy}</span>
    </Button>
  );
}

/** True if the text is on the clipboard. Without a secure context the older way is taken. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return copyBySelection(text);
  }
}

function copyBySelection(text: string): boolean {
  const area = document.createElement("textarea");
  area.value = text;
  area.style.position = "fixed";
  area.style.opacity = "0";
  (document.querySelector("dialog[open]") ?? document.body).append(area);
  area.select();
  const copied = document.execCommand("copy");
  area.remove();
  return copied;
}
