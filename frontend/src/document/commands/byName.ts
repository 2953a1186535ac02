/** Commands by the names that a page's buttons use. */

import type { Command } from "@tiptap/pm/state";
import type { CommandName } from "../api.ts";
import { nest, setKind, turnDirection, unnest } from "./blocks.ts";
import { insertLineBreak, setLink, toggleEm, toggleStrong } from "./inline.ts";

type Simple = Exclude<CommandName, "link" | "footnote" | "undo" | "redo">;

const COMMANDS: Readonly<Record<Simple, Command>> = {
  strong: toggleStrong,
  em: toggleEm,
  lineBreak: insertLineBreak,
  nest,
  unnest,
  paragraph: setKind("para"),
  subparagraph: setKind("subpara"),
  plain: setKind("plain"),
  heading1: setKind("heading", 1),
  heading2: setKind("heading", 2),
  heading3: setKind("heading", 3),
  direction: turnDirection,
};

export function commandFor(name: Simple | "link", argument: string): Command {
  return name === "link" ? setLink(argument) : COMMANDS[name];
}
