/** Asks once more before something is taken away. */
import type { ReactNode } from "react";
import { Button } from "./Button";
import { Dialog } from "./Dialog";

interface ConfirmProps {
  title: string;
  confirm: string;
  cancel: string;
  close: string;
  onConfirm: () => void;
  onClose: () => void;
  children: ReactNode;
}

export function Confirm(props: ConfirmProps) {
  return (
    <Dialog title={props.title} closeLabel={props.close} onClose={props.onClose}>
      <p>{props.children}</p>
      <div className="dialog-actions">
        <Button autoFocus onClick={props.onClose}>
          {props.cancel}
        </Button>
        <Button
          kind="danger"
          onClick={() => {
            props.onClose();
            props.onConfirm();
          }}
        >
          {props.confirm}
        </Button>
      </div>
    </Dialog>
  );
}
