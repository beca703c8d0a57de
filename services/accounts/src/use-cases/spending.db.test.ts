import { systemClock, utcDate } from '@florin/primitives';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { periodBefore, periodOf } from '../domain/calendar.ts';
import { categoryOf } from '../domain/categorise.ts';
import { type SpendingSum, summariseSpending, sumOfLine } from '../domain/spending.ts';
import { sumSpending } from '../repositories/insights.ts';
import { person, startTestBank, type TestBank } from '../testing.fixture.ts';
import { readSpending } from './read-spending.ts';
import { createSpendingSums } from './spending-sums.ts';

let bank: TestBank;
beforeAll(async () => {
  bank = await startTestBank();
});
afterAll(async () => bank.close());

type Person = ReturnType<typeof person>;

async function spending(who: Person, query = '', headers: Record<string, string> = {}) {
  return (await bank.call(who, 'GET', `/v1/spending${query}`, { headers })).body;
}

function eur(amount: string) {
  return { amount, currency: 'EUR' };
}

it('sums a month over all accounts, by category, without what moved between them', async () => {
  const alice = person('customer');
  const [current, savings, dollars] = [
    await bank.open(alice),
    await bank.open(alice, 'savings-eur'),
    await bank.open(alice, 'current-usd'),
  ];
  const at = (day: string) => ({ bookedAt: `${day}T12:00:00.000Z` });
  const { book } = bank.ledger;
  book(current.id, { amountMinor: -9_000n, reference: 'Rent', bookedAt: '2026-01-31T23:59:59.999Z' });
  book(current.id, { amountMinor: -90_000n, reference: 'Rent', bookedAt: '2026-02-01T00:00:00.000Z' });
  book(current.id, { amountMinor: -3_000n, reference: 'Groceries', ...at('2026-02-14') });
  book(current.id, { amountMinor: 250_000n, reference: 'Salary', ...at('2026-03-01') });
  book(current.id, { amountMinor: -95_000n, reference: 'Rent', ...at('2026-03-02') });
  book(current.id, { amountMinor: -40_000n, reference: 'Savings', iban: savings.iban, ...at('2026-03-03') });
  book(savings.id, { amountMinor: 40_000n, reference: 'Savings', iban: current.iban, ...at('2026-03-03') });
  book(
    current.id,
    { amountMinor: -2_000n, reference: 'Groceries', ...at('2026-03-04') },
    { amountMinor: -25n, reference: 'Transfer fee', kind: 'fee', iban: null, ...at('2026-03-04') },
  );
  book(savings.id, { amountMinor: -1_000n, reference: 'Groceries', ...at('2026-03-05') });
  book(current.id, { amountMinor: 2_000n, reference: 'Groceries', kind: 'reversal', ...at('2026-03-31') });
  book(current.id, { amountMinor: -77_700n, reference: 'Rent', bookedAt: '2026-04-01T00:00:00.000Z' });
  book(dollars.id, { amountMinor: -500n, reference: 'Coffee', ...at('2026-03-31') });
  await bank.deliver();
  expect(await spending(alice, '?month=2026-03')).toEqual({
    month: '2026-03',
    currencies: [
      {
        currency: 'EUR',
        received: eur('2500.00'),
        spent: eur('960.25'),
        spentMonthBefore: eur('930.00'),
        categories: [
          { category: 'housing', spent: eur('950.00'), spentMonthBefore: eur('900.00'), count: 1 },
          { category: 'groceries', spent: eur('10.00'), spentMonthBefore: eur('30.00'), count: 1 },
          { category: 'fees', spent: eur('0.25'), spentMonthBefore: eur('0.00'), count: 1 },
        ],
      },
      {
        currency: 'USD',
        received: { amount: '0.00', currency: 'USD' },
        spent: { amount: '5.00', currency: 'USD' },
        spentMonthBefore: { amount: '0.00', currency: 'USD' },
        categories: [
          {
            category: 'eating-out',
            spent: { amount: '5.00', currency: 'USD' },
            spentMonthBefore: { amount: '0.00', currency: 'USD' },
            count: 1,
          },
        ],
      },
    ],
  });
});

it('takes the present month by default, also when the business clock is ahead', async () => {
  const alice = person('customer');
  const before = utcDate(systemClock()).slice(0, 7);
  const nothing = await spending(alice);
  expect([before, utcDate(systemClock()).slice(0, 7)]).toContain(nothing['month']);
  expect(nothing['currencies']).toEqual([]);
  const { id } = await bank.open(alice);
  bank.ledger.book(id, { amountMinor: -100n, bookedAt: '2999-02-03T12:00:00.000Z' });
  await bank.deliver();
  expect(await spending(alice)).toMatchObject({ month: '2999-02', currencies: [{ spent: eur('1.00') }] });
});

it('answers each with their own, whatever they ask', async () => {
  const [alice, bob] = [person('customer'), person('customer')];
  const { id } = await bank.open(alice);
  await bank.open(bob);
  bank.ledger.book(id, { amountMinor: -100n });
  await bank.deliver();
  expect(await spending(alice, '?month=2026-03')).toMatchObject({ currencies: [{ spent: eur('1.00') }] });
  expect(await spending(bob, '?month=2026-03')).toMatchObject({ currencies: [{ spent: eur('0.00'), categories: [] }] });
  expect(await spending(person('teller'), '?month=2026-03')).toMatchObject({ status: 403 });
  for (const month of ['2026-13', '2026-00', '2026', '26-03', '2026-3', "2026-03'", '2026-03-01']) {
    expect(await spending(alice, `?month=${month}`)).toMatchObject({ status: 400, code: 'invalid-request' });
  }
  for (const month of ['0000-01', '0001-01', '1899-12', '9999-12']) {
    expect(await spending(alice, `?month=${month}`)).toMatchObject({ month, currencies: [{ spent: eur('0.00') }] });
  }
});

it('counts what only the ledger has yet for the one who has just done it, once', async () => {
  const alice = person('customer');
  const { id } = await bank.open(alice);
  bank.ledger.book(id, { amountMinor: -100n, reference: 'Rent' });
  await bank.deliver();
  bank.ledger.book(id, { amountMinor: -250n, reference: 'Rent' });
  const late = { 'florin-min-version': `${id}=3` };
  const expected = { currencies: [{ spent: eur('3.50'), categories: [{ category: 'housing', count: 2 }] }] };
  expect(await spending(alice, '?month=2026-03', late)).toMatchObject(expected);
  expect(await spending(alice, '?month=2026-03')).toMatchObject({ currencies: [{ spent: eur('1.00') }] });
  await bank.deliver();
  expect(await spending(alice, '?month=2026-03', late)).toMatchObject(expected);
});

const PARTNERS = ['own', 'bank', 'NL91ABNA0417164300'];
const entries = fc.array(
  fc.record({
    account: fc.nat(2),
    minute: fc.nat(4 * 31 * 24 * 60),
    amountMinor: fc.bigInt({ min: -100_000n, max: 100_000n }).filter((amount) => amount !== 0n),
    kind: fc.constantFrom('transfer', 'deposit', 'withdrawal', 'fee', 'reversal'),
    partner: fc.constantFrom(...PARTNERS),
    reference: fc.constantFrom('Rent', 'Salary', 'Groceries', 'x', 'Savings', 'Transfer fee'),
    isLookedAtAfter: fc.boolean(),
  }),
  { maxLength: 60 },
);

it('sums as a plain model does, however often somebody looks in between', async () => {
  const months = { month: periodOf('2026-03'), before: periodBefore('2026-03') };
  const { database: db } = bank.opened;
  const deps = {
    db,
    ledger: { enforce: refuse, balance: refuse, linesAfter: refuse },
    metrics: bank.service.metrics,
    clock: systemClock,
    spendingSums: createSpendingSums({ find: (...wanted) => sumSpending(db, ...wanted) }),
  };
  await fc.assert(
    fc.asyncProperty(entries, async (unsorted) => {
      const alice = person('customer');
      const opened = [await bank.open(alice), await bank.open(alice), await bank.open(alice, 'current-usd')];
      const own = new Set(opened.map((account) => account.iban));
      const sums: SpendingSum[] = [];
      const look = async () => {
        await bank.deliver();
        const found = await readSpending(deps, alice.subject, { month: '2026-03', minimum: new Map() });
        expect(found.currencies).toEqual(summariseSpending(['EUR', 'USD'], sums));
      };
      for (const entry of unsorted.toSorted((a, b) => a.minute - b.minute)) {
        const account = opened[entry.account];
        if (account === undefined) throw new Error('three accounts');
        const bookedAtMs = Date.UTC(2026, 0, 1) + entry.minute * 60_000;
        const { kind, amountMinor, reference } = entry;
        const iban =
          entry.partner === 'own' ? (opened[0]?.iban ?? '') : entry.partner === 'bank' ? null : entry.partner;
        bank.ledger.book(account.id, {
          kind,
          amountMinor,
          reference,
          name: 'N',
          iban,
          bookedAt: new Date(bookedAtMs).toISOString(),
        });
        const facts = { kind, amountMinor, reference, counterpartyIban: iban, counterpartyName: 'N' };
        const category = categoryOf({ ...facts, isDebit: amountMinor < 0n });
        const rest = { version: 0, line: 0, journalId: '', balanceAfterMinor: 0n, valueDate: '', bookedAtMs };
        const sum = sumOfLine({ ...facts, ...rest, category }, String(account['currency']), months, own);
        if (sum !== undefined) sums.push(sum);
        if (entry.isLookedAtAfter) await look();
      }
      await look();
    }),
    { numRuns: 20 },
  );
});

function refuse(): Promise<never> {
  return Promise.reject(new Error('the ledger is not asked here'));
}
