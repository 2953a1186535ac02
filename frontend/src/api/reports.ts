/** Reports, their outline, sections' states and mandate items. */
import { answer, api } from "./client";
import type { components } from "./generated";
import type { Desk, MandateItem, Report, ReportSummary, Section, SectionState } from "./shapes";

type Schemas = components["schemas"];

const REPORT = "/api/v1/reports/{report_id}";
const ITEM = "/api/v1/mandate-items/{mandate_item_id}";
const SECTION = "/api/v1/sections/{section_id}";

const ofReport = (report_id: string) => ({ path: { report_id } });
const ofItem = (mandate_item_id: string) => ({ path: { mandate_item_id } });
const ofSection = (section_id: string) => ({ path: { section_id } });

export const listReports = (): Promise<ReportSummary[]> => answer(api.GET("/api/v1/reports"));

export const makeReport = (
  working_group_id: string,
  body: Schemas["ReportAsked"],
): Promise<Report> =>
  answer(
    api.POST("/api/v1/working-groups/{working_group_id}/reports", {
      params: { path: { working_group_id } },
      body,
    }),
  );

export const getReport = (id: string): Promise<Report> =>
  answer(api.GET(REPORT, { params: ofReport(id) }));

export const getDesk = async (id: string): Promise<Desk> => {
  const desk = await answer(api.GET(`${REPORT}/desk`, { params: ofReport(id) }));
  return { ...desk, present: desk.present as unknown as Desk["present"] };
};

export const addMandateItem = (reportId: string, text: string): Promise<MandateItem> =>
  answer(api.POST(`${REPORT}/mandate-items`, { params: ofReport(reportId), body: { text } }));

export const changeMandateItem = (id: string, text: string): Promise<MandateItem> =>
  answer(api.PATCH(ITEM, { params: ofItem(id), body: { text } }));

export const dropMandateItem = (id: string): Promise<unknown> =>
  answer(api.DELETE(ITEM, { params: ofItem(id) }));

export const addSection = (reportId: string, body: Schemas["SectionAsked"]): Promise<Section> =>
  answer(api.POST(`${REPORT}/sections`, { params: ofReport(reportId), body }));

export const changeSection = (id: string, body: Schemas["SectionChanged"]): Promise<Section> =>
  answer(api.PATCH(SECTION, { params: ofSection(id), body }));

export const dropSection = (id: string): Promise<unknown> =>
  answer(api.DELETE(SECTION, { params: ofSection(id) }));

export const moveSection = (id: string, body: Schemas["SectionMoved"]): Promise<Section> =>
  answer(api.POST(`${SECTION}/move`, { params: ofSection(id), body }));

export const changeState = (id: string, to: SectionState, reason = ""): Promise<Section> =>
  answer(api.POST(`${SECTION}/state`, { params: ofSection(id), body: { to, reason } }));
