import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { en } from './en/catalogue.ts';
import type { consents } from './en/consents.ts';
import type { enFactors } from './en/factor-catalogue.ts';
import type { notices } from './en/notices.ts';
import type { enPayment } from './en/payment-catalogue.ts';
import type { enStaff } from './en/staff-catalogue.ts';

/** What the page is shown in. A language is a catalogue of the same keys; `en` is the one they are typed by. */
export const LANGUAGES = ['en'] as const;

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'shell';
    resources: typeof en &
      typeof enPayment &
      typeof enStaff &
      typeof enFactors & { readonly notices: typeof notices; readonly consents: typeof consents };
    returnNull: false;
  }
}

/** Starts the translations before the first page is drawn; what everybody meets is in the bundle, so nothing is fetched. */
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

/** Adds the texts of the staff console and the page about the API; for the routes that show them. */
export async function loadStaffTexts(): Promise<void> {
  const [{ enStaff }] = await Promise.all([import('./en/staff-catalogue.ts'), loadPaymentTexts()]);
  addAreas(enStaff);
}

/** Adds the texts of the pages on which money is sent. */
export async function loadPaymentTexts(): Promise<void> {
  addAreas((await import('./en/payment-catalogue.ts')).enPayment);
}

/** Adds the texts of the page of notices. */
export async function loadNoticeTexts(): Promise<void> {
  const { notices } = await import('./en/notices.ts');
  addAreas({ notices });
}

/** Adds the texts about programs that are not the bank's; for the routes where one allows them something and takes it back. */
export async function loadConsentTexts(): Promise<void> {
  const { consents } = await import('./en/consents.ts');
  addAreas({ consents });
}

function addAreas(areas: Readonly<Record<string, object>>): void {
  for (const [area, texts] of Object.entries(areas)) i18next.addResourceBundle('en', area, texts);
}

/** Adds the texts about second factors; for the routes where one signs in with them and sets them up. */
export async function loadFactorTexts(): Promise<void> {
  addAreas((await import('./en/factor-catalogue.ts')).enFactors);
}
