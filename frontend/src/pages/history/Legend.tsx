/** Who changed something in what is shown, each with colour and pattern. */
import { useTranslation } from "react-i18next";
import { type Hand, paintOf } from "./changes";
import { useMomentWords } from "./momentWords";

export function Legend({ hands }: { hands: readonly Hand[] }) {
  const { t, i18n } = useTranslation();
  const words = useMomentWords();
  const number = new Intl.NumberFormat(i18n.language);
  return (
    <ul className="plain-list history-legend" aria-label={t("history.people")}>
      {hands.map((hand, place) => {
        const { colour, pattern } = paintOf(place);
        return (
          <li key={hand.id} data-colour={colour} data-pattern={pattern}>
            <span className="history-swatch" aria-hidden="true" />
            <span>
              <strong>{hand.name || t("history.server")}</strong>
              <span className="small soft">
                {" "}
                {words.standing(hand.subgroup, hand.role)}
                {" · "}
                {t("history.hand", {
                  added: number.format(hand.added),
                  removed: number.format(hand.removed),
                })}
              </span>
            </span>
          </li>
        );
      })}
    </ul>
  );
}
