/** What waits for me in this report, each thing leading to its place. */
import { useTranslation } from "react-i18next";
import type { Desk, WaitingItem } from "../../api/shapes";
import { Link } from "../../shell/router";
import { Icon } from "../../ui/Icon";

export function Waits({ desk }: { desk: Desk }) {
  const { t } = useTranslation();
  const items = desk.waits_for_me;
  return (
    <section className="card stack-tight" aria-labelledby="waits">
      <h2 id="waits">{t("desk.waiting")}</h2>
      {items.length === 0 ? (
        <p className="row soft">
          <Icon name="check" /> {t("desk.waiting_none")}
        </p>
      ) : (
        <ul className="plain-list">
          {items.map((item) => (
            <li key={`${item.kind} ${item.section_id}`}>
              <Waiting reportId={desk.report.id} item={item} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function Waiting({ reportId, item }: { reportId: string; item: WaitingItem }) {
  const { t, i18n } = useTranslation();
  const known = i18n.exists(item.sentence_key);
  // The server sends the key; the check above is what the compiler does elsewhere.
  const key = (known ? item.sentence_key : "desk.waits.other") as "desk.waits.other";
  const sentence = t(key, { number: "", title: "", ...item.params });
  const home = `/reports/${reportId}`;
  const inMeeting = item.section_id === null || item.kind === "hold_pen";
  const to = inMeeting ? `${home}/podium` : `${home}/sections/${item.section_id}`;
  return (
    <Link className="desk-waiting" to={to}>
      <bdi>{sentence.trim() || t("desk.open_section")}</bdi>
      <Icon name="arrow" />
    </Link>
  );
}
