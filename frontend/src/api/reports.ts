/** Reports, their outline, sections' states and mandate items. */
import { request } from "./client";
import type { Desk, MandateItem, Report, ReportSummary, Section, SectionState } from "./shapes";

export interface NewReport {
  title: string;
  symbol: string;
  zone: string;
  mandate_items: string[];
}

export interface NewSection {
  title: string;
  parent_id: string | null;
  /** Null: the last under its parent. */
  position: number | null;
  numbered: boolean;
}

export interface SectionChanges {
  title?: string;
  subgroup_id?: string | null;
  mandate_item_ids?: string[];
  numbered?: boolean;
}

export const listReports = (): Promise<ReportSummary[]> => request("GET", "/reports");

export const makeReport = (groupId: string, report: NewReport): Promise<Report> =>
  request("POST", `/working-groups/${groupId}/reports`, { body: report });

export const getReport = (id: string): Promise<Report> => request("GET", `/reports/${id}`);

export const getDesk = (id: string): Promise<Desk> => request("GET", `/reports/${id}/desk`);

export const addMandateItem = (reportId: string, text: string): Promise<MandateItem> =>
  request("POST", `/reports/${reportId}/mandate-items`, { body: { text } });

export const changeMandateItem = (id: string, text: string): Promise<MandateItem> =>
  request("PATCH", `/mandate-items/${id}`, { body: { text } });

export const dropMandateItem = (id: string): Promise<void> =>
  request("DELETE", `/mandate-items/${id}`);

export const addSection = (reportId: string, section: NewSection): Promise<Section> =>
  request("POST", `/reports/${reportId}/sections`, { body: section });

export const getSection = (id: string): Promise<Section> => request("GET", `/sections/${id}`);

export const changeSection = (id: string, changes: SectionChanges): Promise<Section> =>
  request("PATCH", `/sections/${id}`, { body: changes });

export const dropSection = (id: string): Promise<void> => request("DELETE", `/sections/${id}`);

export const moveSection = (
  id: string,
  place: { parent_id: string | null; position: number },
): Promise<unknown> => request("POST", `/sections/${id}/move`, { body: place });

export const changeState = (id: string, to: SectionState, reason?: string): Promise<Section> =>
  request("POST", `/sections/${id}/state`, { body: reason ? { to, reason } : { to } });
