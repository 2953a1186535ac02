/** What pages ask the server for, under one name each, so that a change renews it everywhere. */
import { QueryClient, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { getMe } from "../api/accounts";
import { ApiError } from "../api/client";
import { listExports } from "../api/exports";
import { getGroup, listMembers, listSubgroups } from "../api/groups";
import { getDesk, getReport, listReports } from "../api/reports";

export const keys = {
  me: ["me"],
  reports: ["reports"],
  desk: (reportId: string) => ["desk", reportId],
  /** Under the desk's name: what renews the one renews the other. */
  report: (reportId: string) => ["desk", reportId, "report"],
  exports: (reportId: string) => ["exports", reportId],
  revisions: (sectionId: string) => ["revisions", sectionId],
  group: (id: string) => ["group", id],
  members: (groupId: string) => ["group", groupId, "members"],
  subgroups: (groupId: string) => ["group", groupId, "subgroups"],
  apiTokens: ["api-tokens"],
} as const;

const TRIES = 3;

/** The server's answers are not asked for again; a lost line is. */
export function makeQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        staleTime: 5_000,
        retry: (failures, error) => !(error instanceof ApiError) && failures < TRIES,
      },
    },
  });
}

export const useMe = () => useQuery({ queryKey: keys.me, queryFn: getMe, staleTime: 60_000 });

export const useReports = () => useQuery({ queryKey: keys.reports, queryFn: listReports });

export const useDesk = (reportId: string) =>
  useQuery({ queryKey: keys.desk(reportId), queryFn: () => getDesk(reportId) });

/** With no id nothing is asked for. */
export const useReport = (reportId: string | null) =>
  useQuery({
    queryKey: keys.report(reportId ?? ""),
    queryFn: () => getReport(reportId ?? ""),
    enabled: reportId !== null,
  });

export const useGroup = (id: string) =>
  useQuery({ queryKey: keys.group(id), queryFn: () => getGroup(id) });

export const useMembers = (groupId: string) =>
  useQuery({ queryKey: keys.members(groupId), queryFn: () => listMembers(groupId) });

export const useSubgroups = (groupId: string) =>
  useQuery({ queryKey: keys.subgroups(groupId), queryFn: () => listSubgroups(groupId) });

const WORKING = ["waiting", "running"];

/** Asks again once a second while a file is in work. */
export const useExports = (reportId: string) =>
  useQuery({
    queryKey: keys.exports(reportId),
    queryFn: () => listExports(reportId),
    refetchInterval: ({ state }) =>
      state.data?.some((file) => WORKING.includes(file.state)) ? 1000 : false,
  });

/** An act on the server; afterwards everything under `renews` is asked for anew. */
export function useAct<In, Out>(
  act: (input: In) => Promise<Out>,
  renews: readonly (readonly unknown[])[],
) {
  const client = useQueryClient();
  return useMutation({
    mutationFn: act,
    onSettled: () =>
      Promise.all(renews.map((queryKey) => client.invalidateQueries({ queryKey: [...queryKey] }))),
  });
}
