/** The short-lived ticket with which a page opens a live text. */
import { answer, api } from "./client";
import type { components } from "./generated";

export const fetchLiveTicket = (
  report_id: string,
  section_id: string | null,
): Promise<components["schemas"]["LiveTicketMade"]> =>
  answer(api.POST("/api/v1/live-tickets", { body: { report_id, section_id } }));
