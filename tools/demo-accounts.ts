import { DEMO_BUSINESSES } from './demo-people.ts';

/** What everybody who signs up begins with. */
export const FIRST_PRODUCT = 'current-eur';

/** What a business calls the account that it began with. */
export const BUSINESS_RESERVE = 'Reserve';

/** An account of the demo. It is called `login/name`. */
export interface DemoAccount {
  readonly login: string;
  readonly name: string;
  readonly productCode: string;
  /** What its owner calls it. */
  readonly title: string;
  readonly currency: string;
  /** What is paid in at the counter when it is opened. */
  readonly opening?: string;
}

function account(login: string, name: string, currency: string, title: string, opening?: string): DemoAccount {
  const kind = name === 'savings' || name === 'business' ? name : 'current';
  const productCode = `${kind}-${currency.toLowerCase()}`;
  return { login, name, productCode, title, currency, ...(opening === undefined ? {} : { opening }) };
}

/** What a business starts with, in euros; those that only receive start with nothing. */
const BUSINESS_OPENINGS: Readonly<Record<string, string>> = {
  polder: '60000.00',
  zeker: '12000.00',
  kanaal: '4000.00',
  koffie: '5200.00',
  markt: '1500.00',
};

/** Everybody's accounts, those of one person in the order they are opened. */
export const DEMO_ACCOUNTS: readonly DemoAccount[] = [
  account('alice', 'current', 'EUR', 'Everyday', '1240.25'),
  account('alice', 'savings', 'EUR', 'Rainy days', '6200.00'),
  account('alice', 'usd', 'USD', 'Dollars', '480.00'),
  account('alice', 'jpy', 'JPY', 'Yen for Kyoto', '85000'),
  account('bob', 'current', 'EUR', 'Everyday', '915.80'),
  account('bob', 'savings', 'EUR', 'New kitchen', '2350.00'),
  account('bob', 'kwd', 'KWD', 'Dinars', '120.500'),
  account('noor', 'current', 'EUR', 'Everyday', '310.40'),
  account('henk', 'current', 'EUR', 'Everyday', '2104.60'),
  account('henk', 'savings', 'EUR', 'For the grandchildren', '8750.00'),
  account('kees', 'business', 'EUR', 'Workshop', '1925.00'),
  ...DEMO_BUSINESSES.map(({ login }) => account(login, 'business', 'EUR', 'Business', BUSINESS_OPENINGS[login])),
  account('polder', 'usd', 'USD', 'Travel', '2500.00'),
  account('passage', 'jpy', 'JPY', 'Import'),
  account('passage', 'kwd', 'KWD', 'Import'),
];

export function nameOf({ login, name }: DemoAccount): string {
  return `${login}/${name}`;
}
