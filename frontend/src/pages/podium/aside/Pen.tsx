/** Who holds the pen; taking it, laying it down, handing it over. */
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { MeetingView } from "../../../live/reportView";
import { useMember } from "../../../shell/member";
import { useMembers } from "../../../shell/queries";
import { Button } from "../../../ui/Button";
import { SelectField } from "../../../ui/Field";
import { Icon } from "../../../ui/Icon";
import type { PodiumRights } from "../rights";
import type { PodiumActs } from "../usePodium";

interface PenProps {
  meeting: MeetingView;
  rights: PodiumRights;
  acts: PodiumActs;
  groupId: string;
}

export function Pen({ meeting, rights, acts, groupId }: PenProps) {
  const { t } = useTranslation();
  const me = useMember();
  const { pen } = meeting;
  const isMine = pen?.member_id === me.id;
  return (
    <section className="podium-card stack-tight">
      <h2>{t("podium.pen")}</h2>
      <p className="podium-pen" data-mine={isMine} role="status">
        <Icon name="edit" />
        {pen
          ? t(isMine ? "podium.pen_mine" : "podium.pen_of", { name: pen.name })
          : t("podium.pen_free")}
      </p>
      <div className="row">
        {rights.takePen && !isMine && (rights.givePen || !pen) ? (
          <Button disabled={acts.isBusy} onClick={() => acts.pen(me.id)}>
            {t("podium.pen_take")}
          </Button>
        ) : null}
        {isMine || (rights.givePen && pen) ? (
          <Button disabled={acts.isBusy} onClick={() => acts.pen(null)}>
            {t(isMine ? "podium.pen_down" : "podium.pen_take_away")}
          </Button>
        ) : null}
      </div>
      {!rights.givePen && pen && !isMine ? (
        <p className="small soft">{t("podium.pen_ask_chair")}</p>
      ) : null}
      {rights.givePen ? <HandOver holderId={pen?.member_id} acts={acts} groupId={groupId} /> : null}
    </section>
  );
}

interface HandOverProps {
  holderId: string | undefined;
  acts: PodiumActs;
  groupId: string;
}

function HandOver({ holderId, acts, groupId }: HandOverProps) {
  const { t } = useTranslation();
  const members = useMembers(groupId);
  const [chosen, setChosen] = useState("");
  const others = members.data?.filter(({ id, roles }) => {
    return id !== holderId && roles.some((role) => role !== "observer");
  });
  return (
    <form
      className="podium-hand"
      onSubmit={(event) => {
        event.preventDefault();
        if (chosen) acts.pen(chosen);
        setChosen("");
      }}
    >
      <SelectField
        label={t("podium.pen_hand")}
        value={chosen}
        onChange={(event) => setChosen(event.currentTarget.value)}
      >
        <option value="">{t("office.choose_member")}</option>
        {others?.map((member) => (
          <option key={member.id} value={member.id}>
            {member.name}
          </option>
        ))}
      </SelectField>
      <Button type="submit" disabled={!chosen || acts.isBusy}>
        {t("podium.pen_hand_do")}
      </Button>
    </form>
  );
}
