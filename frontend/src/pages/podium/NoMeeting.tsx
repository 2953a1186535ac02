/** While no meeting is open: the chair opens one; the records of earlier ones are here. */
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { sentenceOf } from "../../api/client";
import { listMeetings, type Meeting, type NewMeeting, openMeeting } from "../../api/plenary";
import type { Report } from "../../api/shapes";
import type { ReportView } from "../../live/reportView";
import { Await } from "../../shell/Failure";
import { keys, useAct } from "../../shell/queries";
import { momentOf } from "../../shell/time";
import { Button } from "../../ui/Button";
import { TextField } from "../../ui/Field";
import { Notice } from "../../ui/Notice";
import { MeetingRecord } from "./aside/MeetingRecord";
import { sectionsBeforePlenary } from "./list/paragraphs";
import type { PodiumRights } from "./rights";

interface NoMeetingProps {
  report: Report;
  view: ReportView;
  rights: PodiumRights;
}

export function NoMeeting({ report, view, rights }: NoMeetingProps) {
  const { t } = useTranslation();
  const meetings = useQuery({
    queryKey: ["meetings", report.id],
    queryFn: () => listMeetings(report.id),
  });
  const ready = sectionsBeforePlenary(view);
  return (
    <div className="podium-none">
      <section className="card stack">
        <h2>{t("podium.none_title")}</h2>
        {ready.length === 0 ? <Notice tone="warning">{t("podium.none_ready")}</Notice> : null}
        {rights.meeting ? (
          <Await of={meetings}>
            {(past) => <OpenForm report={report} reading={past[0]?.reading ?? 1} />}
          </Await>
        ) : (
          <p>{t("podium.none_not_chair")}</p>
        )}
      </section>
      <section className="card stack">
        <h2>{t("podium.past")}</h2>
        <Await of={meetings}>
          {(past) =>
            past.length === 0 ? (
              <p className="soft">{t("podium.past_none")}</p>
            ) : (
              <ul className="plain-list stack-tight">
                {past.map((meeting) => (
                  <PastMeeting key={meeting.id} meeting={meeting} zone={view.zone} />
                ))}
              </ul>
            )
          }
        </Await>
      </section>
    </div>
  );
}

function OpenForm({ report, reading }: { report: Report; reading: number }) {
  const { t } = useTranslation();
  const [meeting, setMeeting] = useState<NewMeeting>({ title: "", reading, planned_minutes: 180 });
  const open = useAct(
    (wish: NewMeeting) => openMeeting(report.id, wish),
    [["meetings", report.id], keys.desk(report.id)],
  );
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        open.mutate(meeting);
      }}
    >
      {open.error ? <Notice tone="danger">{sentenceOf(open.error)}</Notice> : null}
      <TextField
        label={t("podium.meeting_title")}
        hint={t("podium.meeting_title_hint")}
        required
        maxLength={200}
        value={meeting.title}
        onChange={(event) => setMeeting({ ...meeting, title: event.currentTarget.value })}
      />
      <div className="podium-pair">
        <TextField
          label={t("podium.meeting_reading")}
          type="number"
          required
          min={1}
          max={9}
          value={meeting.reading}
          onChange={(event) => setMeeting({ ...meeting, reading: Number(event.target.value) })}
        />
        <TextField
          label={t("podium.meeting_minutes")}
          type="number"
          required
          min={1}
          max={10_000}
          value={meeting.planned_minutes}
          onChange={(event) =>
            setMeeting({ ...meeting, planned_minutes: Number(event.target.value) })
          }
        />
      </div>
      <div className="dialog-actions">
        <Button kind="primary" type="submit" busy={open.isPending} icon="play">
          {t("podium.open_meeting")}
        </Button>
      </div>
    </form>
  );
}

function PastMeeting({ meeting, zone }: { meeting: Meeting; zone: string }) {
  const { t } = useTranslation();
  const [isOpen, setOpen] = useState(false);
  return (
    <li>
      <details onToggle={(event) => setOpen(event.currentTarget.open)}>
        <summary>
          {meeting.title}
          <span className="small soft">
            {" · "}
            {t("hall.reading", { count: meeting.reading, ordinal: true })}
            {" · "}
            {momentOf(meeting.opened_at, zone)}
          </span>
        </summary>
        {isOpen ? <MeetingRecord meetingId={meeting.id} zone={zone} version="" /> : null}
      </details>
    </li>
  );
}
