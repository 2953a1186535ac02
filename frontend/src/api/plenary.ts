/** Meetings, the floor, the pen, decisions and hall screens. */
import { answer, api } from "./client";
import type { components } from "./generated";

type Schemas = components["schemas"];

export type MeetingState = Schemas["MeetingState"];
export type Verb = Schemas["Verb"];
export type Meeting = Schemas["MeetingOut"];
export type NewMeeting = Required<Schemas["NewMeeting"]>;
export type DecisionCall = Schemas["DecisionCall"];
export type Decision = Schemas["DecisionOut"];
/** Its token and address are told once, when it is opened. */
export type Screen = Schemas["ScreenOut"];

/** Where a paragraph is. */
export interface Place {
  section_id: string;
  paragraph_id: string;
}

const MEETINGS = "/api/v1/reports/{report_id}/meetings";
const SCREENS = "/api/v1/meetings/{meeting_id}/screens";
const DECISIONS = "/api/v1/meetings/{meeting_id}/decisions";

const ofReport = (report_id: string) => ({ path: { report_id } });
const ofMeeting = (meeting_id: string) => ({ path: { meeting_id } });

export const listMeetings = (reportId: string): Promise<Meeting[]> =>
  answer(api.GET(MEETINGS, { params: ofReport(reportId) }));

export const openMeeting = (reportId: string, body: NewMeeting): Promise<Meeting> =>
  answer(api.POST(MEETINGS, { params: ofReport(reportId), body }));

export const setMeetingState = (id: string, to: MeetingState): Promise<Meeting> =>
  answer(api.POST("/api/v1/meetings/{meeting_id}/state", { params: ofMeeting(id), body: { to } }));

export const putOnFloor = (id: string, place: Place | null): Promise<Meeting> =>
  answer(
    api.PUT("/api/v1/meetings/{meeting_id}/floor", {
      params: ofMeeting(id),
      body: place ?? { paragraph_id: null },
    }),
  );

export const moveFloor = (id: string, direction: 1 | -1): Promise<Meeting> =>
  answer(
    api.POST("/api/v1/meetings/{meeting_id}/floor/next", {
      params: ofMeeting(id),
      body: { direction },
    }),
  );

export const handPen = (id: string, member_id: string | null): Promise<Meeting> =>
  answer(
    api.PUT("/api/v1/meetings/{meeting_id}/pen", { params: ofMeeting(id), body: { member_id } }),
  );

/** `key` is the same for every attempt at one decision, so that it is made once. */
export const decide = (id: string, key: string, body: DecisionCall): Promise<Decision> =>
  answer(
    api.POST(DECISIONS, {
      params: { ...ofMeeting(id), header: { "idempotency-key": key } },
      body,
    }),
  );

export const listDecisions = (id: string): Promise<Decision[]> =>
  answer(api.GET(DECISIONS, { params: ofMeeting(id) }));

export const listScreens = (id: string): Promise<Screen[]> =>
  answer(api.GET(SCREENS, { params: ofMeeting(id) }));

export const openScreen = (id: string, label: string): Promise<Screen> =>
  answer(api.POST(SCREENS, { params: ofMeeting(id), body: { label } }));

export const closeScreen = (screen_id: string): Promise<unknown> =>
  answer(api.DELETE("/api/v1/screens/{screen_id}", { params: { path: { screen_id } } }));
