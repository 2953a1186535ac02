/** Pure: how far to scroll so that the paragraph on the floor is in sight. All lengths in pixels. */

export interface Sight {
  /** Height of the window through which the text is seen. */
  readonly view: number;
  /** Where the paragraph begins in the text, and its height. */
  readonly top: number;
  readonly height: number;
  /** How far the text is scrolled now, and how far it can be. */
  readonly now: number;
  readonly limit: number;
  /** The line that changed last, from the beginning of the text. */
  readonly line: { readonly top: number; readonly height: number } | null;
  /** The paragraph has just come onto the floor. */
  readonly isNew: boolean;
}

/** The part of the window that is kept above a paragraph, so that people see where they are. */
const LEAD = 0.22;
/** Room that is kept at the window's edges. */
const EDGE = 0.03;

export function scrollTo(sight: Sight): number {
  const edge = sight.view * EDGE;
  const fits = sight.height + 2 * edge <= sight.view;
  const wished = fits ? wholeInSight(sight, edge) : lineInSight(sight, edge);
  return Math.max(0, Math.min(Math.round(wished), sight.limit));
}

function wholeInSight({ view, top, height, now, isNew }: Sight, edge: number): number {
  const isSeen = top - edge >= now && top + height + edge <= now + view;
  if (isSeen && !isNew) return now;
  const lead = Math.min(view * LEAD, view - height - edge);
  return top - lead;
}

/** Too tall for the window: its beginning, or wherever somebody types. */
function lineInSight({ view, top, height, now, line, isNew }: Sight, edge: number): number {
  const first = top - edge;
  const last = top + height + edge - view;
  if (line === null || isNew) return isNew ? first : Math.max(first, Math.min(now, last));
  const isSeen = line.top - edge >= now && line.top + line.height + edge <= now + view;
  const wished = isSeen ? now : line.top - view / 2;
  return Math.max(first, Math.min(wished, last));
}

/** The smallest letters that can still be read from the last row, in hundredths of the height. */
export const SMALLEST = 3;
const STEP = 0.5;

/** Letters give way by so much at most: whoever asks for larger ones gets larger ones. */
const GIVING_WAY = 1.5;

/**
 * The largest size near the one wished for at which the paragraph fits; if none does, the wish.
 * `from`: where an earlier search for the same paragraph ended, so that letters never grow again.
 */
export function fittingSize(
  wished: number,
  fits: (size: number) => boolean,
  from = wished,
): number {
  const least = Math.max(SMALLEST, wished - GIVING_WAY);
  for (let size = from; size >= least; size -= STEP) {
    if (fits(size)) return size;
  }
  return wished;
}
