/** The office of a working group: its members, their seats and roles, its subgroups. */
import { useTranslation } from "react-i18next";
import { Await } from "../../shell/Failure";
import { Frame } from "../../shell/Frame";
import { isSecretariat, useMember } from "../../shell/member";
import type { PageProps } from "../../shell/path";
import { useGroup, useMembers, useReport, useSubgroups } from "../../shell/queries";
import { usePageTitle, useQueryValue } from "../../shell/router";
import { Members } from "./Members";
import { Subgroups } from "./Subgroups";
import "../../styles/office.css";

export default function Office({ params }: PageProps) {
  const { t } = useTranslation();
  const groupId = params.groupId ?? "";
  const may = isSecretariat(useMember(), groupId);
  const group = useGroup(groupId);
  const members = useMembers(groupId);
  const subgroups = useSubgroups(groupId);
  const report = useReport(useQueryValue("report"));
  const heading = usePageTitle(group.data?.name);
  return (
    <Frame report={report.data}>
      <Await of={group}>
        {({ name, mandate }) => (
          <>
            <div className="page-head">
              <div>
                <p className="overline">{t("office.title")}</p>
                <h1 {...heading}>{name}</h1>
                {mandate ? <p className="soft office-mandate">{mandate}</p> : null}
                {may ? null : <p className="small soft">{t("office.no_right")}</p>}
              </div>
            </div>
            <div className="office">
              <Await of={members}>
                {(list) => <Members groupId={groupId} members={list} may={may} />}
              </Await>
              <Await of={subgroups}>
                {(list) => (
                  <Subgroups
                    groupId={groupId}
                    subgroups={list}
                    members={members.data ?? []}
                    may={may}
                  />
                )}
              </Await>
            </div>
          </>
        )}
      </Await>
    </Frame>
  );
}
