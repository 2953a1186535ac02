/** Asking for a file of the report, watching it being made, fetching it. */
import { request } from "./client";
import type { Export, ExportFormat, Revision } from "./shapes";

export interface NewExport {
  report_id: string;
  section_id?: string;
  revision_id?: string;
  format: ExportFormat;
}

export const askForExport = (wish: NewExport): Promise<Export> =>
  request("POST", "/exports", { body: wish });

export const listExports = (reportId: string): Promise<Export[]> =>
  request("GET", `/reports/${reportId}/exports`);

export const cancelExport = (id: string): Promise<Export> =>
  request("POST", `/exports/${id}/cancel`);

export const exportFileUrl = (id: string): string => `/api/v1/exports/${id}/file`;

export const listRevisions = (sectionId: string): Promise<Revision[]> =>
  request("GET", `/sections/${sectionId}/revisions`);
