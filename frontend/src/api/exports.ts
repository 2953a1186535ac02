/** Asking for a file of the report, watching it being made, fetching it. */
import { answer, api } from "./client";
import type { components } from "./generated";
import type { Export, ExportFormat, Revision } from "./shapes";

type Wish = components["schemas"]["ExportAsked"] & { format: ExportFormat };

export const askForExport = (body: Wish): Promise<unknown> =>
  answer(api.POST("/api/v1/exports", { body }));

export const listExports = async (report_id: string): Promise<Export[]> => {
  const path = "/api/v1/reports/{report_id}/exports";
  const files = await answer(api.GET(path, { params: { path: { report_id } } }));
  return files as Export[];
};

export const cancelExport = (export_id: string): Promise<unknown> =>
  answer(api.POST("/api/v1/exports/{export_id}/cancel", { params: { path: { export_id } } }));

export const exportFileUrl = (id: string): string => `/api/v1/exports/${id}/file`;

export const listRevisions = (section_id: string): Promise<Revision[]> =>
  answer(api.GET("/api/v1/sections/{section_id}/revisions", { params: { path: { section_id } } }));
