/** The hall screen: a pure picture of its state. Page and podium's preview show the same. */
import type { CSSProperties, ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { Icon, type IconName } from "../ui/Icon";
import { HallGauge } from "./HallGauge";
import { HallCounts, HallRail, HugeLabel } from "./HallRail";
import { HallText } from "./HallText";
import { HallTop, NotLive } from "./HallTop";
import { type HallState, notLiveSince, usedSeconds } from "./hallState";
import type { HallPicture } from "./picture";
import "../styles/reading.css";
import "../styles/screen.css";
import "../styles/gauge.css";

interface HallScreenProps {
  state: HallState;
  /** This device's clock, in ms. */
  now: number;
  /** Height of the letters in hundredths of the screen's height. */
  size: number;
}

export function HallScreen({ state, now, size }: HallScreenProps) {
  const style = { "--hall-size": size } as CSSProperties;
  const since = notLiveSince(state, now);
  const { picture } = state;
  return (
    <div className="hall" style={style}>
      <div className="hall-frame">
        {picture ? (
          <HallTop picture={picture} now={now + state.skewMs} isClosed={state.closed !== null} />
        ) : null}
        {picture && since !== null ? (
          <NotLive since={since + state.skewMs} zone={picture.meeting.zone} />
        ) : null}
        <Middle state={state} size={size} />
        {picture && state.closed === null ? (
          <footer>
            <HallGauge facts={picture.gauge} usedS={usedSeconds(state, now)} />
          </footer>
        ) : null}
      </div>
    </div>
  );
}

function Middle({ state, size }: { state: HallState; size: number }) {
  const { t } = useTranslation();
  const { picture, closed, change, isDropped, refusal } = state;
  // A screen that was withdrawn tells nothing any more.
  if (closed !== null) return <Card icon="screen" title={closed} />;
  if (!picture) {
    return (
      <Card icon="screen" title={refusal ?? t(isDropped ? "hall.unreached" : "hall.connecting")}>
        {isDropped ? t(refusal === null ? "hall.unreached_lead" : "hall.refused_lead") : null}
      </Card>
    );
  }
  if (picture.meeting.state === "suspended") return <Suspended picture={picture} />;
  return (
    <main className="hall-middle">
      <HallRail picture={picture} />
      <div className="hall-reading">
        {picture.section ? <SectionTitle section={picture.section} /> : null}
        {picture.section?.is_damaged ? <Damaged /> : null}
        {picture.blocks.length > 0 ? (
          <HallText blocks={picture.blocks} change={change} size={size} />
        ) : (
          <Card icon="empty" title={t("hall.nothing")}>
            {t("hall.nothing_lead")}
          </Card>
        )}
      </div>
      <Said picture={picture} />
    </main>
  );
}

function SectionTitle({ section }: { section: NonNullable<HallPicture["section"]> }) {
  return (
    <h2 className="hall-section" dir="auto">
      {section.number ? <bdi className="hall-section-number">{section.number}</bdi> : null}
      <bdi>{section.title}</bdi>
    </h2>
  );
}

/** Calm: the room can read on, and whoever can mend it is told elsewhere. */
function Damaged() {
  const { t } = useTranslation();
  return (
    <p className="hall-damaged" role="status">
      <Icon name="warning" />
      <strong>{t("hall.damaged")}</strong>
      <span>{t("hall.damaged_lead")}</span>
    </p>
  );
}

/** Readers of the screen hear what is on the floor and what was decided, not each letter. */
function Said({ picture }: { picture: HallPicture }) {
  const { t } = useTranslation();
  const { floor } = picture;
  const status = floor && floor.status !== "tabled" ? t(`status.${floor.status}`) : "";
  return (
    <p className="visually-hidden" role="status">
      {floor ? t("hall.said", { label: floor.label, status }) : t("hall.no_floor")}
    </p>
  );
}

function Suspended({ picture }: { picture: HallPicture }) {
  const { t } = useTranslation();
  return (
    <Card icon="pause" title={t("hall.suspended")}>
      {picture.floor ? (
        <span className="hall-card-floor">
          {t("hall.suspended_at")}
          <HugeLabel label={picture.floor.label} otherwise={picture.section?.number ?? ""} />
        </span>
      ) : null}
      <HallCounts counts={picture.counts} />
    </Card>
  );
}

interface CardProps {
  icon: IconName;
  title: string;
  children?: ReactNode;
}

function Card({ icon, title, children }: CardProps) {
  return (
    <main className="hall-card">
      <Icon name={icon} />
      <p className="hall-card-title">{title}</p>
      <div className="hall-card-body">{children}</div>
    </main>
  );
}
