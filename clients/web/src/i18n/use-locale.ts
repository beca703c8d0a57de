import { useTranslation } from 'react-i18next';

/** Dates and amounts are written as in this place: the browser's own variant of the language of the page. */
export function useLocale(): string {
  const { i18n } = useTranslation();
  const language = i18n.resolvedLanguage ?? 'en';
  return navigator.languages.find((one) => one.split('-')[0] === language) ?? language;
}
