import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en } from './en/catalogue.ts';

/** What the page is shown in. A language is a catalogue of the same keys; `en` is the one they are typed by. */
export const LANGUAGES = ['en'] as const;

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'shell';
    resources: typeof en;
    returnNull: false;
  }
}

/** Starts the translations before the first page is drawn; catalogues are in the bundle, so nothing is fetched. */
export async function startI18n(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: 'en',
    fallbackLng: 'en',
    supportedLngs: LANGUAGES,
    defaultNS: 'shell',
    ns: Object.keys(en),
    resources: { en },
    // React escapes what it draws; escaping twice would show entities to people.
    interpolation: { escapeValue: false },
  });
}
