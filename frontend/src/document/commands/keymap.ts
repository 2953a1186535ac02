/** Which key does what in the text and in a footnote. */

import { chainCommands, deleteSelection, selectAll } from "@tiptap/pm/commands";
import { keydownHandler } from "@tiptap/pm/keymap";
import { type Command, Plugin } from "@tiptap/pm/state";
import { backspaceAtStart, deleteAtEnd, nest, setKind, splitBlock, unnest } from "./blocks.ts";
import { insertLineBreak, toggleEm, toggleStrong } from "./inline.ts";

export interface KeyCommands {
  readonly undo: () => boolean;
  readonly redo: () => boolean;
}

export interface TextCommands extends KeyCommands {
  readonly footnote: Command;
  readonly openFootnote: Command;
  readonly link: Command;
}

/** Undo never falls through to the browser, whose own history knows nothing of the others. */
function inlineKeys({ undo, redo }: KeyCommands): Record<string, Command> {
  return {
    "Mod-b": toggleStrong,
    "Mod-i": toggleEm,
    "Shift-Enter": insertLineBreak,
    "Mod-z": () => undo() || true,
    "Mod-y": () => redo() || true,
    "Mod-Shift-z": () => redo() || true,
    "Mod-a": selectAll,
  };
}

export function textKeys(commands: TextCommands): Plugin {
  return keysWithEscape({
    ...inlineKeys(commands),
    Enter: chainCommands(commands.openFootnote, splitBlock),
    Backspace: chainCommands(deleteSelection, backspaceAtStart),
    "Mod-Backspace": chainCommands(deleteSelection, backspaceAtStart),
    Delete: chainCommands(deleteSelection, deleteAtEnd),
    "Mod-Delete": chainCommands(deleteSelection, deleteAtEnd),
    Tab: always(nest),
    "Shift-Tab": always(unnest),
    "Mod-k": commands.link,
    "Mod-Alt-f": commands.footnote,
    "Mod-Alt-0": setKind("para"),
    "Mod-Alt-1": setKind("heading", 1),
    "Mod-Alt-2": setKind("heading", 2),
    "Mod-Alt-3": setKind("heading", 3),
    "Mod-Alt-4": setKind("subpara"),
    "Mod-Alt-5": setKind("plain"),
  });
}

/** A footnote has no blocks: Enter is a line break there. */
export function noteKeys(commands: KeyCommands): Plugin {
  return new Plugin({
    props: {
      handleKeyDown: keydownHandler({
        ...inlineKeys(commands),
        Enter: insertLineBreak,
        Backspace: deleteSelection,
        Delete: deleteSelection,
      }),
    },
  });
}

/** Tab stays in the text even where nothing can be nested: leaving it by accident loses the place. */
function always(command: Command): Command {
  return (state, dispatch, view) => {
    command(state, dispatch, view);
    return true;
  };
}

/** After Escape the next Tab leaves the text: a keyboard must never be caught in it. */
function keysWithEscape(bindings: Record<string, Command>): Plugin {
  const handle = keydownHandler(bindings);
  let leaving = false;
  return new Plugin({
    props: {
      handleKeyDown(view, event) {
        const leaves = leaving && event.key === "Tab";
        if (event.key !== "Shift") leaving = event.key === "Escape";
        return leaves ? false : handle(view, event);
      },
    },
  });
}
