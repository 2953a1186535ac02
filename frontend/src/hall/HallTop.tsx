/** On top: the document, the meeting and its reading, whether it sits, the clock, and NOT LIVE. */
import { useTranslation } from "react-i18next";
import { Icon } from "../ui/Icon";
import { clockFace, zoneName } from "./clockFace";
import type { HallPicture } from "./picture";

interface HallTopProps {
  picture: HallPicture;
  /** The server's clock, in ms. */
  now: number;
  /** The server has said that there is nothing more to show. */
  isClosed: boolean;
}

export function HallTop({ picture, now, isClosed }: HallTopProps) {
  const { t, i18n } = useTranslation();
  const { report, meeting } = picture;
  return (
    <header className="hall-top">
      <div className="hall-titles">
        <h1 className="hall-title">
          {report.symbol ? <bdi className="hall-symbol">{report.symbol}</bdi> : null}
          <bdi>{report.title}</bdi>
        </h1>
        <p className="hall-meeting">
          <bdi>{meeting.title}</bdi>
          <span aria-hidden="true"> · </span>
          {t("hall.reading", { count: meeting.reading, ordinal: true })}
        </p>
      </div>
      {isClosed ? null : (
        <p className="hall-state" data-state={meeting.state}>
          <Icon name={meeting.state === "open" ? "play" : "pause"} />
          {t(`hall.state_${meeting.state}`)}
        </p>
      )}
      <p className="hall-clock">
        <time>{clockFace(now, meeting.zone, i18n.language)}</time>
        <small>{zoneName(now, meeting.zone, i18n.language)}</small>
      </p>
    </header>
  );
}

/** Covers a band of the frame: what stands below it may be old. */
export function NotLive({ since, zone }: { since: number; zone: string }) {
  const { t, i18n } = useTranslation();
  return (
    <div className="hall-not-live" role="alert">
      <Icon name="offline" />
      <strong>{t("hall.not_live", { time: clockFace(since, zone, i18n.language) })}</strong>
      <span>{t("hall.not_live_lead")}</span>
    </div>
  );
}
