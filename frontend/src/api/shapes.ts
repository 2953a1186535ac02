/** The nouns of the API as pages use them. */

export type SectionState =
  | "outlined"
  | "drafting"
  | "subgroup_review"
  | "signed_off"
  | "consolidated"
  | "in_reading"
  | "read";

export type Role = "secretariat" | "chair" | "convenor" | "member" | "observer";

export type StakeholderGroup =
  | "government"
  | "private_sector"
  | "civil_society"
  | "academic_technical"
  | "international_organisation";

export interface Named {
  id: string;
  name: string;
}

export interface SubgroupSeat extends Named {
  convenor: boolean;
}

export interface Seat {
  working_group: Named;
  stakeholder_group: StakeholderGroup;
  country: string;
  personal_capacity: boolean;
  roles: Role[];
  subgroups: SubgroupSeat[];
}

export interface Me {
  id: string;
  name: string;
  email: string;
  is_system_administrator: boolean;
  has_password: boolean;
  seats: Seat[];
}

export interface ApiToken {
  id: string;
  name: string;
  created_at: string;
  /** Shown once, when it is made. */
  token?: string | null;
}

export interface Member {
  id: string;
  name: string;
  email: string;
  stakeholder_group: StakeholderGroup;
  country: string;
  personal_capacity: boolean;
  roles: Role[];
  subgroups: SubgroupSeat[];
}

export interface NewMember {
  name: string;
  email: string;
  stakeholder_group: StakeholderGroup;
  country: string;
  personal_capacity: boolean;
  roles: Role[];
}

export interface WorkingGroup extends Named {
  mandate: string;
}

export interface Subgroup extends Named {
  /** The convenors first. */
  members: SubgroupSeat[];
}

export interface ReportSummary {
  id: string;
  title: string;
  symbol: string;
  /** IANA time zone in which the report's times are shown. */
  zone: string;
  working_group: Named;
}

export interface MandateItem {
  id: string;
  number: number;
  text: string;
  section_ids: string[];
}

export interface SectionRights {
  write: boolean;
  edges: SectionState[];
  edit_outline: boolean;
  why_not_write: string;
}

export interface Section {
  id: string;
  report_id: string;
  parent_id: string | null;
  position: number;
  depth: number;
  number: string;
  title: string;
  numbered: boolean;
  state: SectionState;
  subgroup: Named | null;
  mandate_item_ids: string[];
  may: SectionRights;
}

export interface Report extends ReportSummary {
  mandate_items: MandateItem[];
  sections: Section[];
  may: { edit_outline: boolean; edit_mandate: boolean; open_meeting: boolean };
}

export interface DeskSection extends Section {
  words: number;
  last_change: { at: string; name: string } | null;
}

export interface WaitingItem {
  kind: string;
  section_id: string | null;
  sentence_key: string;
  params: Record<string, string | number>;
}

export interface PresentMember {
  member_id: string;
  name: string;
  colour: string;
}

export interface Desk {
  report: ReportSummary;
  sections: DeskSection[];
  waits_for_me: WaitingItem[];
  present: Record<string, PresentMember[]>;
}

export type ExportFormat = "docx" | "pdf" | "html" | "markdown";

export type ExportState = "waiting" | "running" | "done" | "failed" | "cancelled";

export interface Export {
  id: string;
  format: ExportFormat;
  state: ExportState;
  stage: string;
  done: number;
  total: number;
  error: string | null;
  filename: string | null;
  size_bytes: number | null;
  created_at: string;
}

export interface Revision extends Named {
  seq: number;
}
