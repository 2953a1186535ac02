/** The short-lived right to open one address on the live socket. */

export interface LiveTicket {
  ticket: string;
  /** Id under which this member's changes are written; null where nothing may be written. */
  client_id: number | null;
}

export type FetchTicket = () => Promise<LiveTicket>;

/** Thrown by a FetchTicket when the server said no: asking again would not help. */
export class TicketRefused extends Error {}
