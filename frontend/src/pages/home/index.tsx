/** The reports I belong to, by working group. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { ReportSummary, Seat } from "../../api/shapes";
import { Await } from "../../shell/Failure";
import { Frame } from "../../shell/Frame";
import { useMember } from "../../shell/member";
import { useReports } from "../../shell/queries";
import { Link, usePageTitle } from "../../shell/router";
import { Button } from "../../ui/Button";
import { Empty } from "../../ui/Notice";
import { NewGroup } from "./NewGroup";
import { NewReport } from "./NewReport";
import "../../styles/home.css";

export default function Home() {
  const { t } = useTranslation();
  const me = useMember();
  const heading = usePageTitle(t("home.title"));
  const reports = useReports();
  const [founding, setFounding] = useState(false);
  return (
    <Frame width="measure">
      <div className="page-head">
        <h1 {...heading}>{t("home.title")}</h1>
        {me.is_system_administrator ? (
          <Button icon="add" onClick={() => setFounding(true)}>
            {t("home.new_group")}
          </Button>
        ) : null}
      </div>
      <Await of={reports}>
        {(list) =>
          me.seats.length === 0 ? (
            <Empty icon="user" title={t("home.no_seat_title")}>
              {t("home.no_seat")}
            </Empty>
          ) : (
            <div className="stack home-groups">
              {me.seats.map((seat) => (
                <GroupShelf
                  key={seat.working_group.id}
                  seat={seat}
                  reports={list.filter(
                    (report) => report.working_group.id === seat.working_group.id,
                  )}
                />
              ))}
            </div>
          )
        }
      </Await>
      {founding ? <NewGroup onClose={() => setFounding(false)} /> : null}
    </Frame>
  );
}

function GroupShelf({ seat, reports }: { seat: Seat; reports: ReportSummary[] }) {
  const { t } = useTranslation();
  const [opening, setOpening] = useState(false);
  const leads = seat.roles.includes("secretariat");
  const roles = seat.roles.map((role) => t(`role.${role}`)).join(", ");
  return (
    <section className="sheet home-shelf">
      <header className="home-shelf-head">
        <div>
          <h2>{seat.working_group.name}</h2>
          <p className="small soft">{t("home.your_roles", { roles })}</p>
        </div>
        <div className="row">
          <Link className="button" data-kind="quiet" to={`/groups/${seat.working_group.id}`}>
            {t("home.members")}
          </Link>
          {leads ? (
            <Button icon="add" onClick={() => setOpening(true)}>
              {t("home.new_report")}
            </Button>
          ) : null}
        </div>
      </header>
      {reports.length === 0 ? (
        <Empty title={t("home.empty_title")}>
          {leads ? t("home.empty_secretariat") : t("home.empty_member")}
        </Empty>
      ) : (
        <ul className="plain-list">
          {reports.map((report) => (
            <li key={report.id}>
              <Link className="home-report" to={`/reports/${report.id}`}>
                <bdi className="home-report-title">{report.title}</bdi>
                <bdi className="small soft">{report.symbol}</bdi>
              </Link>
            </li>
          ))}
        </ul>
      )}
      {opening ? (
        <NewReport groupId={seat.working_group.id} onClose={() => setOpening(false)} />
      ) : null}
    </section>
  );
}
