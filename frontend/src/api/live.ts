/** The short-lived ticket with which a page opens a live text. */
import { request } from "./client";

export interface TicketAnswer {
  ticket: string;
  client_id: number | null;
  expires_at: string;
}

export const fetchLiveTicket = (
  reportId: string,
  sectionId: string | null,
): Promise<TicketAnswer> =>
  request("POST", "/live-tickets", {
    body: sectionId ? { report_id: reportId, section_id: sectionId } : { report_id: reportId },
  });
