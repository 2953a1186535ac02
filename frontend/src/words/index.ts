/** Languages of the interface: which there are, which way they run, and how to change over. */
import i18next from "i18next";
import { initReactI18next } from "react-i18next";
import { en } from "./en";

/** Every language has exactly the keys of English. */
type Wording<T> = { [K in keyof T]: T[K] extends string ? string : Wording<T[K]> };
export type Words = Wording<typeof en>;

export interface Language {
  code: string;
  /** Its own name for itself. */
  name: string;
  dir: "ltr" | "rtl";
  load: () => Promise<Words>;
}

/** A further language is one file beside en.ts and one line here. */
export const LANGUAGES: readonly Language[] = [
  { code: "en", name: "English", dir: "ltr", load: async () => en },
];

const STORED = "rapporteur.language";

/** Words are ready when this resolves; the chosen language is the one of the last visit. */
export async function startWords(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: "en",
    fallbackLng: "en",
    resources: { en: { translation: en } },
    interpolation: { escapeValue: false },
  });
  await speak(readStored());
}

/** The whole interface speaks the language `code` and runs its way; unknown codes change nothing. */
export async function speak(code: string): Promise<void> {
  const language = LANGUAGES.find((known) => known.code === code);
  if (!language) return;
  i18next.addResourceBundle(code, "translation", await language.load(), true, true);
  await i18next.changeLanguage(code);
  document.documentElement.lang = code;
  document.documentElement.dir = language.dir;
  try {
    localStorage.setItem(STORED, code);
  } catch {
    // Without storage the choice lasts as long as the page.
  }
}

function readStored(): string {
  try {
    return localStorage.getItem(STORED) ?? "en";
  } catch {
    return "en";
  }
}
