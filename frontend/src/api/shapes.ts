/** The nouns of the API under the names that pages use; their shapes are the server's own. */
import type { components } from "./generated";

type Schemas = components["schemas"];

export type Named = Schemas["Named"];
export type Role = Schemas["Role"];
export type StakeholderGroup = Schemas["StakeholderGroup"];
export type SectionState = Schemas["SectionState"];

export type Me = Schemas["Me"];
export type Seat = Schemas["SeatShown"];
export type ApiToken = Schemas["ApiTokenShown"];

export type WorkingGroup = Schemas["GroupShown"];
export type Member = Schemas["MemberShown"];
export type NewMember = Schemas["MemberInvited"];
export type Subgroup = Schemas["SubgroupShown"];
/** Somebody in a subgroup. */
export type SubgroupSeat = Schemas["SubgroupMemberShown"];

export type ReportSummary = Schemas["ReportListed"];
export type Report = Schemas["ReportShown"];
export type MandateItem = Schemas["MandateItemShown"];
export type Section = Schemas["SectionShown"];
export type DeskSection = Schemas["DeskSection"];
export type WaitingItem = Schemas["Waiting"];
export type Revision = Schemas["RevisionShown"];

/** Who is in a section's room now. */
export interface PresentMember {
  member_id: string;
  name: string;
  colour: string;
}

export type Desk = Omit<Schemas["Desk"], "present"> & {
  present: Record<string, PresentMember[]>;
};

export type ExportFormat = "docx" | "pdf" | "html" | "markdown";
export type ExportState = "waiting" | "running" | "done" | "failed" | "cancelled";
export type Export = Omit<Schemas["ExportShown"], "format" | "state"> & {
  format: ExportFormat;
  state: ExportState;
};
