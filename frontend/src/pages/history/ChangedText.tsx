/** The compared text: paragraphs as they are read, what came in underlined, what went struck. */
import { useTranslation } from "react-i18next";
import type { ChangedBlock } from "../../api/revisions";
import type { Block } from "../../reading/block";
import { ReadingBlock } from "../../reading/ReadingBlock";
import { Icon } from "../../ui/Icon";
import { ChangedPieces } from "./ChangedPieces";
import { folded, type Hand, type Stretch } from "./changes";

interface ChangedTextProps {
  blocks: readonly ChangedBlock[];
  stretches: readonly (readonly Stretch[])[];
  hands: readonly Hand[];
  /** The change that is looked at. */
  here: number | null;
  onHere: (change: number) => void;
  onlyChanges: boolean;
  zone: string;
}

export function ChangedText(props: ChangedTextProps) {
  const { blocks, onlyChanges } = props;
  const shown = onlyChanges ? folded(blocks) : blocks.map((_, at) => ({ skipped: 0, at }));
  return (
    <article className="history-text" data-compared="">
      {shown.map(({ skipped, at }) => (
        <div key={at ?? "end"}>
          {skipped > 0 ? <Skipped count={skipped} /> : null}
          {at === null ? null : <OneBlock {...props} at={at} />}
        </div>
      ))}
    </article>
  );
}

function Skipped({ count }: { count: number }) {
  const { t } = useTranslation();
  return <p className="history-skipped">{t("history.unchanged", { count })}</p>;
}

function OneBlock({
  at,
  blocks,
  stretches,
  hands,
  here,
  onHere,
  zone,
}: ChangedTextProps & { at: number }) {
  const block = blocks[at];
  if (!block) return null;
  return (
    <div className="history-block" data-change-kind={block.change}>
      <Fate block={block} />
      <ReadingBlock block={asRead(block)} status={block.status}>
        <ChangedPieces
          block={block}
          stretches={stretches[at] ?? []}
          hands={hands}
          here={here}
          onHere={onHere}
          zone={zone}
        />
      </ReadingBlock>
    </div>
  );
}

/** The pieces stand in place of the runs. */
function asRead({ id, kind, level, dir, label }: ChangedBlock): Block {
  return { id, kind, level, dir, label, runs: [] };
}

/** What became of a whole block, in words. */
function Fate({ block }: { block: ChangedBlock }) {
  const { t } = useTranslation();
  if (block.change !== "added" && block.change !== "removed") return null;
  const isIn = block.change === "added";
  const key = block.moved
    ? (`history.block_moved_${isIn ? "in" : "out"}` as const)
    : (`history.block_${isIn ? "added" : "removed"}` as const);
  return (
    <p className="history-fate">
      <Icon name={block.moved ? "arrow" : isIn ? "add" : "remove"} />
      {t(key)}
    </p>
  );
}
