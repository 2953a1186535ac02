/** Asks for a new name. */
import { useState } from "react";
import { Button } from "./Button";
import { Dialog } from "./Dialog";
import { TextField } from "./Field";

interface RenameProps {
  title: string;
  label: string;
  value: string;
  words: { save: string; cancel: string; close: string };
  onSave: (value: string) => void;
  onClose: () => void;
}

export function Rename({ title, label, value, words, onSave, onClose }: RenameProps) {
  const [name, setName] = useState(value);
  return (
    <Dialog title={title} closeLabel={words.close} onClose={onClose}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          onClose();
          onSave(name.trim());
        }}
      >
        <TextField
          label={label}
          required
          autoFocus
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <div className="dialog-actions">
          <Button onClick={onClose}>{words.cancel}</Button>
          <Button kind="primary" type="submit">
            {words.save}
          </Button>
        </div>
      </form>
    </Dialog>
  );
}
