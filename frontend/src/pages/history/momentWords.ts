/** A moment in words: in one line for lists of choices. */
import { useTranslation } from "react-i18next";
import type { Moment } from "../../api/revisions";
import type { Role } from "../../api/shapes";

const ROLES: readonly string[] = ["secretariat", "chair", "convenor", "member", "observer"];

export function useMomentWords() {
  const { t } = useTranslation();
  function who({ member }: Pick<Moment, "member">): string {
    return member?.name || t("history.server");
  }
  /** For whom somebody wrote: the subgroup, else the role. */
  function standing(subgroup: string | null, role: string): string {
    if (subgroup) return subgroup;
    return ROLES.includes(role) ? t(`role.${role as Role}`) : role;
  }
  function decided({ decision }: Moment): string {
    if (!decision) return "";
    const label = decision.label || t("history.unnumbered");
    return t("history.decision", { label, what: t(`podium.verb_done.${decision.verb}`) });
  }
  function turned({ state }: Moment): string {
    if (!state) return "";
    return t("history.state", { from: t(`state.${state.from}`), to: t(`state.${state.to}`) });
  }
  function short(moment: Moment): string {
    if (moment.revision) return `⚑ ${moment.revision.name}`;
    return decided(moment) || turned(moment) || who(moment);
  }
  return { who, standing, decided, turned, short };
}
