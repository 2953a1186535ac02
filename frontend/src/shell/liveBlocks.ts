/** The blocks of a live text as plain values, read again a moment after each change. */
import { useEffect, useState } from "react";
import type { Doc } from "yjs";
import type { Block } from "../document/reading";
import type { LiveDocument } from "../live/liveDocument";
import { useObservable } from "./live";

export type LiveBlock = Block;

type Read = (doc: Doc, startNumber: number) => Block[];

/** While somebody types the text is read at most this often. */
const PACE_MS = 40;
const CONNECTING = { kind: "connecting" } as const;

/** Null until the text has come. */
export function useLiveBlocks(
  live: LiveDocument | null,
  startNumber: number,
): readonly LiveBlock[] | null {
  const text = useObservable(live?.text, null);
  const state = useObservable(live?.state, CONNECTING);
  const read = useReader(live);
  const [blocks, setBlocks] = useState<{ of: Doc; blocks: readonly Block[] } | null>(null);
  const doc = text?.doc ?? null;
  useEffect(() => {
    if (!doc || !read) return;
    let timer: ReturnType<typeof setTimeout> | null = null;
    const now = (): void => {
      timer = null;
      setBlocks({ of: doc, blocks: read(doc, startNumber) });
    };
    const later = (): void => {
      timer ??= setTimeout(now, PACE_MS);
    };
    now();
    doc.on("update", later);
    return () => {
      doc.off("update", later);
      if (timer !== null) clearTimeout(timer);
    };
  }, [doc, read, startNumber]);
  if (state.kind === "connecting" || blocks === null || blocks.of !== doc) return null;
  return blocks.blocks;
}

/** The text's code is heavy, so it comes when it is first needed. */
function useReader(live: LiveDocument | null): Read | null {
  const [read, setRead] = useState<Read | null>(null);
  useEffect(() => {
    if (!live) return;
    let isGone = false;
    void import("../document/index.ts").then(({ blocksOf, contentHash }) => {
      if (isGone) return;
      live.compareWith(contentHash);
      setRead(() => blocksOf);
    });
    return () => {
      isGone = true;
    };
  }, [live]);
  return read;
}
