/** The buttons over the text; each act is also a key in the editor. */
import { type KeyboardEvent, useSyncExternalStore } from "react";
import { useTranslation } from "react-i18next";
import type { CommandName, DocumentEditor, EditorState } from "../../document/api";
import { FormatIcon, type FormatIconName } from "./FormatIcon";

interface ToolbarProps {
  editor: DocumentEditor;
  onLink: () => void;
}

const KINDS = [
  "paragraph",
  "subparagraph",
  "plain",
  "heading1",
  "heading2",
  "heading3",
] as const satisfies readonly CommandName[];

type Kind = (typeof KINDS)[number];

/** The kind under the cursor, by the name of the command that makes it. */
export function kindOf({ kind, level }: Pick<EditorState, "kind" | "level">): Kind {
  if (kind === "heading") return level >= 3 ? "heading3" : level === 2 ? "heading2" : "heading1";
  if (kind === "subpara") return "subparagraph";
  return kind === "plain" ? "plain" : "paragraph";
}

export function Toolbar({ editor, onLink }: ToolbarProps) {
  const { t } = useTranslation();
  const state = useSyncExternalStore(editor.subscribe, editor.state);
  const off = !state.editable;
  function run(name: CommandName): void {
    editor.run(name);
    editor.focus();
  }
  return (
    <div className="toolbar" role="toolbar" aria-label={t("draft.toolbar")} onKeyDown={walk}>
      <select
        className="input toolbar-kind"
        aria-label={t("draft.kind")}
        value={kindOf(state)}
        disabled={off}
        onChange={(event) => run(event.currentTarget.value as CommandName)}
      >
        {KINDS.map((name) => (
          <option key={name} value={name}>
            {t(`draft.kinds.${name}`)}
          </option>
        ))}
      </select>
      <Tool icon="unnest" label={t("draft.outdent")} off={off} onPress={() => run("unnest")} />
      <Tool icon="nest" label={t("draft.indent")} off={off} onPress={() => run("nest")} />
      <hr />
      <Tool
        icon="strong"
        label={t("draft.strong")}
        on={state.strong}
        off={off}
        onPress={() => run("strong")}
      />
      <Tool icon="em" label={t("draft.em")} on={state.em} off={off} onPress={() => run("em")} />
      <Tool icon="link" label={t("draft.link")} on={state.link !== ""} off={off} onPress={onLink} />
      <Tool
        icon="footnote"
        label={t("draft.footnote")}
        off={off}
        onPress={() => editor.run("footnote")}
      />
      <hr />
      <Tool
        icon="undo"
        label={t("draft.undo")}
        off={off || !state.mayUndo}
        onPress={() => run("undo")}
      />
      <Tool
        icon="redo"
        label={t("draft.redo")}
        off={off || !state.mayRedo}
        onPress={() => run("redo")}
      />
    </div>
  );
}

interface ToolProps {
  icon: FormatIconName;
  label: string;
  on?: boolean;
  off: boolean;
  onPress: () => void;
}

function Tool({ icon, label, on, off, onPress }: ToolProps) {
  return (
    <button
      type="button"
      className="tool"
      title={label}
      aria-label={label}
      aria-pressed={on}
      aria-disabled={off}
      // The text keeps its focus and its selection while a button is pressed.
      onMouseDown={(event) => event.preventDefault()}
      onClick={() => {
        if (!off) onPress();
      }}
    >
      <FormatIcon name={icon} />
    </button>
  );
}

/** Left and right walk along the buttons. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  if (event.key !== "ArrowRight" && event.key !== "ArrowLeft") return;
  if (event.target instanceof HTMLSelectElement) return;
  const tools = [...event.currentTarget.querySelectorAll<HTMLElement>("select, button")];
  const forward = (event.key === "ArrowRight") === (document.documentElement.dir !== "rtl");
  const at = tools.indexOf(event.target as HTMLElement) + (forward ? 1 : -1);
  tools[(at + tools.length) % tools.length]?.focus();
  event.preventDefault();
}
