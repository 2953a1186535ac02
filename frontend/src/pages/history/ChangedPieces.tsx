/** The pieces of one compared paragraph; each change can be focused and says whose it is. */
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { ChangedBlock, Piece, Writer } from "../../api/revisions";
import { Runs } from "../../reading/Runs";
import { momentOf } from "../../shell/time";
import { type Hand, handOf, isChanged, namesOf, paintOf, type Stretch } from "./changes";

interface ChangedPiecesProps {
  block: ChangedBlock;
  stretches: readonly Stretch[];
  hands: readonly Hand[];
  here: number | null;
  onHere: (change: number) => void;
  zone: string;
}

export function ChangedPieces({ block, stretches, hands, here, onHere, zone }: ChangedPiecesProps) {
  const { t } = useTranslation();
  return stretches.map(({ change, pieces }, n) => {
    const shown = pieces.map((piece, at) => (
      // biome-ignore lint/suspicious/noArrayIndexKey: a comparison never changes; the pieces keep their places.
      <OnePiece key={at} piece={piece} block={block} hands={hands} zone={zone} />
    ));
    // biome-ignore lint/suspicious/noArrayIndexKey: see above.
    if (!change) return <span key={n}>{shown}</span>;
    const isHere = here === change.at;
    return (
      // biome-ignore lint/a11y/useSemanticElements: a fieldset cannot stand inside a sentence.
      <span
        // biome-ignore lint/suspicious/noArrayIndexKey: see above.
        key={n}
        className="history-change"
        role="group"
        data-said={namesOf(pieces, block).join(" · ") || t("history.restyled")}
        data-change={change.at}
        data-here={isHere || undefined}
        // One change is in the order of tabs; the buttons lead from one to the next.
        tabIndex={isHere || (here === null && change.at === 0) ? 0 : -1}
        onFocus={() => onHere(change.at)}
      >
        {shown}
      </span>
    );
  });
}

interface OnePieceProps {
  piece: Piece;
  block: ChangedBlock;
  hands: readonly Hand[];
  zone: string;
}

function OnePiece({ piece, block, hands, zone }: OnePieceProps) {
  const { t } = useTranslation();
  const inside = <Inside piece={piece} block={block} hands={hands} zone={zone} />;
  const writer = piece.by ?? block.by;
  if (piece.op === "same" && piece.was === undefined) return inside;
  const name = writer?.name || t("history.server");
  const said = {
    ins: t("history.ins_by", { name }),
    del: t("history.del_by", { name }),
    same: writer ? t("history.restyled_by", { name }) : t("history.restyled"),
  }[piece.op];
  return (
    <Marked piece={piece} writer={writer} hands={hands} said={said} zone={zone}>
      {inside}
    </Marked>
  );
}

interface MarkedProps {
  piece: Piece;
  writer: Writer | null;
  hands: readonly Hand[];
  said: string;
  zone: string;
  children: ReactNode;
}

function Marked({ piece, writer, hands, said, zone, children }: MarkedProps) {
  const place = hands.findIndex(({ id }) => id === handOf(writer));
  const { colour, pattern } =
    place < 0 ? { colour: undefined, pattern: undefined } : paintOf(place);
  const when = writer ? ` · ${momentOf(writer.at, zone)}` : "";
  const looks = {
    className: "history-piece",
    "data-op": piece.op,
    "data-colour": colour,
    "data-pattern": pattern,
    "data-said": `${said}${when}`,
  };
  const spoken = <bdi className="visually-hidden">{said}: </bdi>;
  const content = (
    <>
      {spoken}
      {children}
    </>
  );
  if (piece.op === "ins") return <ins {...looks}>{content}</ins>;
  if (piece.op === "del") return <del {...looks}>{content}</del>;
  return <span {...looks}>{content}</span>;
}

/** The words with their marks; a footnote's call, and its text where that changed. */
function Inside({ piece, block, hands, zone }: OnePieceProps) {
  const { t } = useTranslation();
  if (!piece.fn)
    return piece.text === "\n" ? (
      <br />
    ) : (
      <Runs runs={[{ text: piece.text, marks: piece.marks }]} />
    );
  const note = piece.note ?? [];
  const isShown = piece.op !== "same" || note.some(isChanged);
  return (
    <>
      <sup className="reading-call">*</sup>
      {isShown && note.length > 0 ? (
        <span className="history-note">
          {" ["}
          {t("history.note")}
          {": "}
          {note.map((one, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a comparison never changes.
            <OnePiece key={at} piece={one} block={block} hands={hands} zone={zone} />
          ))}
          {"]"}
        </span>
      ) : null}
    </>
  );
}
