/** The section's timeline, page by page, asked for anew when the section's log has moved on. */
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { getTimeline, type Moment } from "../../api/revisions";
import { placed } from "./moments";

/** While somebody types the log moves many times a second. */
const PACE_MS = 2000;

export function useTimeline(sectionId: string, headSeq: number | undefined) {
  const client = useQueryClient();
  const asked = useInfiniteQuery({
    queryKey: ["timeline", sectionId],
    queryFn: ({ pageParam }) => getTimeline(sectionId, pageParam),
    initialPageParam: null as number | null,
    getNextPageParam: ({ next_before }) => next_before,
  });
  const known = asked.data?.pages[0]?.head_seq;
  useEffect(() => {
    if (headSeq === undefined || known === undefined || headSeq <= known) return;
    const timer = setTimeout(() => {
      void client.invalidateQueries({ queryKey: ["timeline", sectionId] });
    }, PACE_MS);
    return () => clearTimeout(timer);
  }, [client, sectionId, headSeq, known]);
  const moments = useMemo<Moment[]>(
    () => placed(asked.data?.pages.flatMap((page) => page.moments) ?? []),
    [asked.data],
  );
  return { asked, moments, head: known ?? 0 };
}

/** Older pages are fetched until the timeline holds `seq`: an address can lead far back. */
export function useReach({ asked, moments }: ReturnType<typeof useTimeline>, seq: number): void {
  const { hasNextPage, isFetching, fetchNextPage } = asked;
  const oldest = moments.at(-1)?.from_seq ?? 0;
  const isWanting = hasNextPage && !isFetching && seq > 0 && seq < oldest;
  useEffect(() => {
    if (isWanting) void fetchNextPage();
  }, [isWanting, fetchNextPage]);
}
