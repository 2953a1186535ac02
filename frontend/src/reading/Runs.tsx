/** The words of a block with their marks; footnotes are called by number. */
import type { ReactNode } from "react";
import { type Run, safeAddress } from "./block";

/** A block's runs never move against each other without changing, so their place is their key. */
export function Runs({ runs }: { runs: readonly Run[] }) {
  return runs.map((run, at) => (
    // biome-ignore lint/suspicious/noArrayIndexKey: see above.
    <RunText key={at} run={run} />
  ));
}

function RunText({ run }: { run: Run }) {
  if (run.text !== undefined) return marked(run.text, run.marks ?? {});
  if (run.br) return <br />;
  // The word joiner keeps the call on the line of the word before it.
  if (run.fn !== undefined) return <sup className="reading-call">{`\u2060${run.fn}`}</sup>;
  return <span aria-hidden="true">□</span>;
}

function marked(text: string, marks: Readonly<Record<string, unknown>>): ReactNode {
  let shown: ReactNode = text;
  if (marks.em === true) shown = <em>{shown}</em>;
  if (marks.strong === true) shown = <strong>{shown}</strong>;
  const address = safeAddress(marks.link);
  if (!address) return shown;
  return (
    <a href={address} rel="noopener noreferrer" target="_blank">
      {shown}
    </a>
  );
}

/** The footnotes that are called in these runs, under their paragraph. */
export function Footnotes({ runs }: { runs: readonly Run[] }) {
  const called = runs.filter((run) => run.fn !== undefined);
  if (called.length === 0) return null;
  return (
    <span className="reading-notes">
      {called.map((run) => (
        <span className="reading-note" key={run.fn} dir="auto">
          <bdi className="reading-call">{run.fn}</bdi>
          <span>
            <Runs runs={run.note ?? []} />
          </span>
        </span>
      ))}
    </span>
  );
}
