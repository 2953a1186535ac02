/** The fields of a seat: where a member comes from and what part they play. */
import { useTranslation } from "react-i18next";
import type { NewMember, StakeholderGroup } from "../../api/shapes";
import { Check, SelectField, TextField } from "../../ui/Field";

/** A convenor is one by leading a subgroup, not by seat. */
export type SeatRole = NewMember["roles"][number];

export interface SeatDraft {
  stakeholder_group: StakeholderGroup;
  country: string;
  personal_capacity: boolean;
  roles: SeatRole[];
}

export const NEW_SEAT: SeatDraft = {
  stakeholder_group: "civil_society",
  country: "",
  personal_capacity: true,
  roles: ["member"],
};

const GROUPS: readonly StakeholderGroup[] = [
  "government",
  "private_sector",
  "civil_society",
  "academic_technical",
  "international_organisation",
];

const SEAT_ROLES: readonly SeatRole[] = ["secretariat", "chair", "member", "observer"];

interface SeatFieldsProps {
  seat: SeatDraft;
  onChange: (seat: SeatDraft) => void;
}

export function SeatFields({ seat, onChange }: SeatFieldsProps) {
  const { t } = useTranslation();
  function setRole(role: SeatRole, held: boolean): void {
    const roles = SEAT_ROLES.filter((known) =>
      known === role ? held : seat.roles.includes(known),
    );
    onChange({ ...seat, roles });
  }
  return (
    <>
      <SelectField
        label={t("office.seat")}
        value={seat.stakeholder_group}
        onChange={(event) =>
          onChange({ ...seat, stakeholder_group: event.currentTarget.value as StakeholderGroup })
        }
      >
        {GROUPS.map((group) => (
          <option key={group} value={group}>
            {t(`stakeholder.${group}`)}
          </option>
        ))}
      </SelectField>
      <TextField
        label={t("office.country")}
        value={seat.country}
        onChange={(event) => onChange({ ...seat, country: event.currentTarget.value })}
      />
      <Check
        label={t("office.personal_capacity")}
        checked={seat.personal_capacity}
        onChange={(personal_capacity) => onChange({ ...seat, personal_capacity })}
      />
      <fieldset className="stack-tight">
        <legend>{t("office.roles")}</legend>
        {SEAT_ROLES.map((role) => (
          <Check
            key={role}
            label={t(`role.${role}`)}
            checked={seat.roles.includes(role)}
            onChange={(held) => setRole(role, held)}
          />
        ))}
      </fieldset>
    </>
  );
}
