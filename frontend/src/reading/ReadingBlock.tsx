/** One block of the report as people read it: hanging label, status in four ways, footnotes. */
import { memo, type ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Icon, type IconName } from "../ui/Icon";
import type { Block, ReadingStatus } from "./block";
import { Footnotes, Runs } from "./Runs";

export type Painted = "floor" | "agreed" | "bracketed" | "parked";

export const PAINTED_ICON: Record<Painted, IconName> = {
  floor: "play",
  agreed: "check",
  bracketed: "bracket",
  parked: "pause",
};

interface ReadingBlockProps {
  block: Block;
  status?: ReadingStatus;
  isOnFloor?: boolean;
  /** Stands where the block's own words would: a comparison, for example. */
  children?: ReactNode;
}

/** How the block is painted: yellow on the floor, until the meeting agrees and it turns green. */
export function paintedAs(status: ReadingStatus, isOnFloor: boolean): Painted | null {
  if (status === "agreed") return "agreed";
  if (isOnFloor) return "floor";
  return status === "tabled" ? null : status;
}

export const ReadingBlock = memo(function ReadingBlock(props: ReadingBlockProps) {
  const { block, status = "tabled", isOnFloor = false, children } = props;
  const painted = paintedAs(status, isOnFloor);
  return (
    <div
      className="reading-block"
      data-kind={block.kind}
      data-level={block.level}
      data-painted={painted ?? undefined}
      data-on-floor={isOnFloor || undefined}
      data-block={block.id ?? undefined}
      dir={block.dir || "auto"}
    >
      {painted ? <PaintedTag painted={painted} status={status} isOnFloor={isOnFloor} /> : null}
      {block.label ? <bdi className="reading-label">{block.label}</bdi> : null}
      <Words block={block} isBracketed={status === "bracketed"}>
        {children ?? <Runs runs={block.runs} />}
      </Words>
      <Footnotes runs={block.runs} />
    </div>
  );
});

interface WordsProps {
  block: Block;
  isBracketed: boolean;
  children: ReactNode;
}

/** Brackets are characters of the line, so that each script turns and places them its own way. */
function Words({ block, isBracketed, children }: WordsProps) {
  const inside = isBracketed ? (
    <>
      <Bracket>[</Bracket>
      {children}
      <Bracket>]</Bracket>
    </>
  ) : (
    children
  );
  if (block.kind !== "heading") return <p className="reading-words">{inside}</p>;
  return (
    // biome-ignore lint/a11y/useSemanticElements: the level comes from the text; h1 is the page's.
    <p className="reading-words" role="heading" aria-level={block.level + 1}>
      {inside}
    </p>
  );
}

function Bracket({ children }: { children: string }) {
  return (
    <span className="reading-bracket" aria-hidden="true">
      {children}
    </span>
  );
}

interface PaintedTagProps {
  painted: Painted;
  status: ReadingStatus;
  isOnFloor: boolean;
}

/** On the floor and decided on: both are said. */
function PaintedTag({ painted, status, isOnFloor }: PaintedTagProps) {
  const { t } = useTranslation();
  const further = isOnFloor ? (painted === "floor" ? status : "floor") : "tabled";
  return (
    // Isolated, or its own words would decide which way the paragraph runs.
    <bdi className="reading-tag" data-painted={painted}>
      <Icon name={PAINTED_ICON[painted]} />
      {t(`status.${painted}`)}
      {further === "tabled" ? null : (
        <>
          <span aria-hidden="true">·</span>
          <Icon name={PAINTED_ICON[further]} />
          {t(`status.${further}`)}
        </>
      )}
    </bdi>
  );
}
