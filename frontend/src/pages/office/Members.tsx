/** The members' table, and what the secretariat may do with each. */
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { sentenceOf } from "../../api/client";
import { makeSignInLink, removeMember } from "../../api/groups";
import type { Member } from "../../api/shapes";
import { keys, useAct } from "../../shell/queries";
import { Button } from "../../ui/Button";
import { Confirm } from "../../ui/Confirm";
import { Menu } from "../../ui/Menu";
import { Empty, Notice } from "../../ui/Notice";
import { Invite } from "./Invite";
import { LinkOnce } from "./LinkOnce";
import { SeatDialog } from "./SeatDialog";

interface MembersProps {
  groupId: string;
  members: Member[];
  may: boolean;
}

type Open = { what: "invite" } | { what: "seat" | "remove"; member: Member } | null;

export function Members({ groupId, members, may }: MembersProps) {
  const { t } = useTranslation();
  const [open, setOpen] = useState<Open>(null);
  const renews = [keys.group(groupId), keys.me];
  const link = useAct((member: Member) => makeSignInLink(groupId, member.id), []);
  const remove = useAct((member: Member) => removeMember(groupId, member.id), renews);
  const close = (): void => setOpen(null);
  const error = link.error ?? remove.error;
  return (
    <section className="sheet office-members" aria-labelledby="members">
      <header className="office-head">
        <h2 id="members">{t("office.members")}</h2>
        {may ? (
          <Button kind="primary" icon="add" onClick={() => setOpen({ what: "invite" })}>
            {t("office.invite")}
          </Button>
        ) : null}
      </header>
      {error ? <Notice tone="danger">{sentenceOf(error)}</Notice> : null}
      {members.length === 0 ? (
        <Empty icon="group" title={t("office.empty_title")}>
          {t("office.empty")}
        </Empty>
      ) : (
        <table className="office-table">
          <thead>
            <tr>
              <th scope="col">{t("office.name")}</th>
              <th scope="col">{t("office.seat")}</th>
              <th scope="col">{t("office.roles")}</th>
              <th scope="col">{t("office.subgroups")}</th>
              {may ? <td /> : null}
            </tr>
          </thead>
          <tbody>
            {members.map((member) => (
              <MemberRow key={member.id} member={member}>
                {may ? (
                  <td className="office-acts">
                    <Menu
                      label={t("office.actions_for", { name: member.name })}
                      acts={[
                        {
                          label: t("office.edit"),
                          icon: "edit",
                          run: () => setOpen({ what: "seat", member }),
                        },
                        {
                          label: t("office.new_link"),
                          icon: "link",
                          run: () => link.mutate(member),
                        },
                        {
                          label: t("office.remove"),
                          icon: "remove",
                          kind: "danger",
                          run: () => setOpen({ what: "remove", member }),
                        },
                      ]}
                    />
                  </td>
                ) : null}
              </MemberRow>
            ))}
          </tbody>
        </table>
      )}
      {open?.what === "invite" ? <Invite groupId={groupId} onClose={close} /> : null}
      {open?.what === "seat" ? (
        <SeatDialog groupId={groupId} member={open.member} onClose={close} />
      ) : null}
      {open?.what === "remove" ? (
        <Confirm
          title={t("office.remove_title", { name: open.member.name })}
          confirm={t("office.remove")}
          cancel={t("app.cancel")}
          close={t("app.close")}
          onConfirm={() => remove.mutate(open.member)}
          onClose={close}
        >
          {t("office.remove_lead", { name: open.member.name })}
        </Confirm>
      ) : null}
      {link.data ? (
        <LinkOnce name={link.variables?.name ?? ""} link={link.data.link} onClose={link.reset} />
      ) : null}
    </section>
  );
}

function MemberRow({ member, children }: { member: Member; children: ReactNode }) {
  const { t } = useTranslation();
  const seat = [t(`stakeholder.${member.stakeholder_group}`), member.country].filter(Boolean);
  return (
    <tr>
      <th scope="row">
        {member.name}
        {member.email === null ? null : (
          <>
            <br />
            <bdi className="small soft">{member.email}</bdi>
          </>
        )}
      </th>
      <td data-label={t("office.seat")}>
        {seat.join(" · ")}
        {member.personal_capacity ? (
          <span className="small soft office-line">{t("office.personal_short")}</span>
        ) : null}
      </td>
      <td data-label={t("office.roles")}>
        <span className="row office-chips">
          {member.roles.map((role) => (
            <span className="chip" key={role}>
              {t(`role.${role}`)}
            </span>
          ))}
        </span>
      </td>
      <td data-label={t("office.subgroups")}>
        {member.subgroups.map((subgroup) => subgroup.name).join(", ")}
      </td>
      {children}
    </tr>
  );
}
