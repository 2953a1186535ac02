/** Language and theme of the interface. */
import { useTranslation } from "react-i18next";
import { chooseTheme, THEMES, type Theme, useTheme } from "../../shell/theme";
import { SelectField } from "../../ui/Field";
import { LANGUAGES, speak } from "../../words";

export function Appearance() {
  const { t, i18n } = useTranslation();
  const theme = useTheme();
  return (
    <section className="card stack">
      <h2>{t("me.appearance")}</h2>
      <div className="form">
        <SelectField
          label={t("theme.label")}
          value={theme}
          onChange={(event) => chooseTheme(event.currentTarget.value as Theme)}
        >
          {THEMES.map((name) => (
            <option key={name} value={name}>
              {t(`theme.${name}`)}
            </option>
          ))}
        </SelectField>
        <SelectField
          label={t("me.language")}
          hint={t("me.language_lead")}
          value={i18n.language}
          onChange={(event) => void speak(event.currentTarget.value)}
        >
          {LANGUAGES.map(({ code, name }) => (
            <option key={code} value={code} lang={code}>
              {name}
            </option>
          ))}
        </SelectField>
      </div>
    </section>
  );
}
