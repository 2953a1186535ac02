/** Pure: which paragraphs a restore would leave as they are, because the meeting has agreed them. */
import type { WireBlock } from "../../api/revisions";

export interface Left {
  readonly id: string;
  readonly label: string;
}

/** Agreed paragraphs of the present text whose text was another one, or was not there, then. */
export function leftBy(
  now: readonly WireBlock[],
  then: readonly WireBlock[],
  agreed: ReadonlySet<string>,
): Left[] {
  const past = new Map(then.map((block) => [block.id, block.hash]));
  return now.flatMap(({ id, label, hash }) =>
    id !== null && agreed.has(id) && past.get(id) !== hash ? { id, label } : [],
  );
}
