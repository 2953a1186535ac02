/** Which stretches of a document a series of local steps has touched, before and after. */

import type { Node } from "@tiptap/pm/model";
import type { Transaction } from "@tiptap/pm/state";
import {
  AddMarkStep,
  AttrStep,
  Mapping,
  RemoveMarkStep,
  type Step,
  type StepMap,
} from "@tiptap/pm/transform";

export interface Changed {
  readonly oldFrom: number;
  readonly oldTo: number;
  readonly newFrom: number;
  readonly newTo: number;
}

interface Span {
  readonly from: number;
  readonly to: number;
}

/** The touched stretches in document order. Between them both documents are the same. */
export function changedRanges(
  transactions: readonly Transaction[],
  oldDoc: Node,
  newDoc: Node,
): Changed[] {
  const steps = transactions.flatMap((transaction) => transaction.steps);
  const maps = steps.map((step) => step.getMap());
  const spans = merged(touched(steps, maps));
  const back = new Mapping(maps.map((map) => map.invert()).reverse());
  const ranges = spans.map(({ from, to }) => ({
    oldFrom: back.map(from, -1),
    oldTo: back.map(to, 1),
    newFrom: from,
    newTo: to,
  }));
  const joined = joinOverlapping(ranges.map((range) => widened(range, oldDoc, newDoc)));
  return gapsAreEqual(joined, oldDoc, newDoc) ? joined : [whole(oldDoc, newDoc)];
}

function touched(steps: readonly Step[], maps: readonly StepMap[]): Span[] {
  return steps.flatMap((step, number) => {
    const later = new Mapping(maps.slice(number + 1));
    return spansOf(step, maps[number]).map(({ from, to }) => ({
      from: later.map(from, -1),
      to: later.map(to, 1),
    }));
  });
}

function spansOf(step: Step, map: StepMap | undefined): Span[] {
  if (step instanceof AddMarkStep || step instanceof RemoveMarkStep) {
    return [{ from: step.from, to: step.to }];
  }
  if (step instanceof AttrStep) return [{ from: step.pos, to: step.pos + 1 }];
  const spans: Span[] = [];
  map?.forEach((_oldFrom, _oldTo, from, to) => {
    spans.push({ from, to });
  });
  return spans;
}

function merged(spans: Span[]): Span[] {
  const result: Span[] = [];
  for (const span of spans.sort((a, b) => a.from - b.from || a.to - b.to)) {
    const last = result[result.length - 1];
    if (last !== undefined && span.from <= last.to) {
      result[result.length - 1] = { from: last.from, to: Math.max(last.to, span.to) };
    } else {
      result.push(span);
    }
  }
  return result;
}

function joinOverlapping(ranges: readonly Changed[]): Changed[] {
  const result: Changed[] = [];
  for (const range of ranges) {
    const last = result[result.length - 1];
    if (last !== undefined && range.oldFrom <= last.oldTo) {
      result[result.length - 1] = {
        ...last,
        oldTo: Math.max(last.oldTo, range.oldTo),
        newTo: range.newTo,
      };
    } else {
      result.push(range);
    }
  }
  return result;
}

/** A border inside a surrogate pair moves outward: what is outside is the same in both documents. */
function widened(range: Changed, oldDoc: Node, newDoc: Node): Changed {
  const start = splitsPair(oldDoc, range.oldFrom) || splitsPair(newDoc, range.newFrom) ? 1 : 0;
  const end = splitsPair(oldDoc, range.oldTo) || splitsPair(newDoc, range.newTo) ? 1 : 0;
  return {
    oldFrom: range.oldFrom - start,
    oldTo: range.oldTo + end,
    newFrom: range.newFrom - start,
    newTo: range.newTo + end,
  };
}

function splitsPair(doc: Node, pos: number): boolean {
  if (pos < 1 || pos > doc.content.size - 1) return false;
  return /^[\ud800-\udbff][\udc00-\udfff]$/.test(doc.textBetween(pos - 1, pos + 1));
}

function gapsAreEqual(ranges: readonly Changed[], oldDoc: Node, newDoc: Node): boolean {
  let oldAt = 0;
  let newAt = 0;
  const end = {
    oldFrom: oldDoc.content.size,
    oldTo: oldDoc.content.size,
    newFrom: newDoc.content.size,
    newTo: newDoc.content.size,
  };
  for (const range of [...ranges, end]) {
    const gap = range.oldFrom - oldAt;
    if (gap < 0 || gap !== range.newFrom - newAt) return false;
    oldAt = range.oldTo;
    newAt = range.newTo;
  }
  return true;
}

function whole(oldDoc: Node, newDoc: Node): Changed {
  return { oldFrom: 0, oldTo: oldDoc.content.size, newFrom: 0, newTo: newDoc.content.size };
}
