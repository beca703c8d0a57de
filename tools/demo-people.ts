import type { Role } from '@florin/contracts';

/** Someone the demo bank is shown with. */
export interface DemoPerson {
  /** What they sign in with. */
  readonly login: string;
  readonly name: string;
  readonly roles: readonly Role[];
}

/** The people of the demo; they exist only where demo data was asked for, with random passwords. */
export const DEMO_PEOPLE: readonly DemoPerson[] = [
  { login: 'alice', name: 'Alice Jansen', roles: ['customer'] },
  { login: 'bob', name: 'Bob de Vries', roles: ['customer'] },
  { login: 'tessa', name: 'Tessa (teller)', roles: ['teller'] },
  { login: 'sam', name: 'Sam (supervisor)', roles: ['supervisor'] },
  { login: 'lena', name: 'Lena (loan officer)', roles: ['loan-officer'] },
  { login: 'carl', name: 'Carl (credit approver)', roles: ['credit-approver'] },
  { login: 'fay', name: 'Fay (fraud analyst)', roles: ['fraud-analyst'] },
  { login: 'amir', name: 'Amir (auditor)', roles: ['auditor'] },
  { login: 'ada', name: 'Ada (admin)', roles: ['admin'] },
  // What one admin asks for, another one decides.
  { login: 'adam', name: 'Adam (admin)', roles: ['admin'] },
];

/** More customers, so that staff have somebody to look up: a student, a pensioner and a bicycle workshop. */
export const DEMO_CUSTOMERS: readonly DemoPerson[] = [
  { login: 'noor', name: 'Noor Visser', roles: ['customer'] },
  { login: 'henk', name: 'Henk Mulder', roles: ['customer'] },
  { login: 'kees', name: 'Fietsatelier Kees', roles: ['customer'] },
];

/** The businesses they deal with: customers of the bank like any other. */
export const DEMO_BUSINESSES: readonly DemoPerson[] = [
  { login: 'polder', name: 'Polder Software', roles: ['customer'] },
  { login: 'kanaal', name: 'Kanaal Housing', roles: ['customer'] },
  { login: 'markt', name: 'Groene Markt', roles: ['customer'] },
  { login: 'koffie', name: 'Koffie & Co', roles: ['customer'] },
  { login: 'spoor', name: 'Stadsspoor', roles: ['customer'] },
  { login: 'stroom', name: 'Waterlijn Energy', roles: ['customer'] },
  { login: 'passage', name: 'Boekhandel Passage', roles: ['customer'] },
  { login: 'luna', name: 'Cinema Luna', roles: ['customer'] },
  { login: 'apotheek', name: 'Apotheek Zuid', roles: ['customer'] },
  { login: 'zeker', name: 'Zeker Verzekeringen', roles: ['customer'] },
];

/** The e-mail address a demo person signs up with; `.example` never resolves (RFC 2606). */
export function demoEmail(login: string): string {
  return `${login}@florin.example`;
}
