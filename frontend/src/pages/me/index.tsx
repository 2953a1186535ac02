/** My own account: seats, password, tokens, language and appearance. */
import { useTranslation } from "react-i18next";
import { Frame } from "../../shell/Frame";
import { useMember } from "../../shell/member";
import { usePageTitle } from "../../shell/router";
import { ApiTokens } from "./ApiTokens";
import { Appearance } from "./Appearance";
import { Password } from "./Password";

export default function MyAccount() {
  const { t } = useTranslation();
  const me = useMember();
  const heading = usePageTitle(t("me.title"));
  return (
    <Frame width="measure">
      <div className="page-head">
        <div>
          <h1 {...heading}>{t("me.title")}</h1>
          <p className="soft">
            {me.name} · <bdi>{me.email}</bdi>
          </p>
        </div>
      </div>
      <div className="stack">
        <section className="card stack">
          <h2>{t("me.seats")}</h2>
          <ul className="plain-list stack">
            {me.seats.map((seat) => (
              <li key={seat.working_group.id}>
                <strong>{seat.working_group.name}</strong>
                <br />
                <span className="soft">
                  {[
                    seat.roles.map((role) => t(`role.${role}`)).join(", "),
                    t(`stakeholder.${seat.stakeholder_group}`),
                    seat.country,
                    seat.personal_capacity ? t("office.personal_short") : "",
                    ...seat.subgroups.map((subgroup) => subgroup.name),
                  ]
                    .filter(Boolean)
                    .join(" · ")}
                </span>
              </li>
            ))}
          </ul>
          {me.seats.length === 0 ? <p className="soft">{t("home.no_seat")}</p> : null}
        </section>
        <Appearance />
        <Password hasOne={me.has_password} />
        <ApiTokens />
      </div>
    </Frame>
  );
}
