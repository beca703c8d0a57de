/** The name of a currency in the language of the page, `Kuwaiti Dinar`; its code where there is none. */
export function currencyName(currency: string, locale: string): string {
  return new Intl.DisplayNames(locale, { type: 'currency', fallback: 'code' }).of(currency) ?? currency;
}
