import { expect, it } from 'vitest';
import { accountWith, holdWith, journalWith, payeeWith } from '../testing/ledger-states.ts';
import type { Journal } from './journal.ts';
import { assertBalanced } from './journal.ts';
import { LedgerDraft } from './ledger-view.ts';
import { isSystemAccount, SYSTEM_ACCOUNT_CODES, systemAccountCode, systemAccountId } from './system-account.ts';

const REVERSAL: Journal = {
  ...journalWith(),
  id: 'r',
  kind: 'reversal',
  reversalOf: 'j',
  reason: 'sent twice',
  actor: 'sam',
  bookedAtMs: 0,
  valueDate: '2026-03-10',
  businessDate: '2026-03-10',
  parentId: null,
  otherParty: null,
  postings: [],
};

it('shows the next command what the one before left, and forgets it all on rewind', () => {
  const draft = new LedgerDraft({ accounts: [accountWith()], holds: [], journals: [journalWith()] });
  draft.evolve({ journals: [], accounts: [accountWith({ version: 8 })], hold: null });
  draft.mark();
  draft.evolve({ journals: [], accounts: [accountWith({ version: 9 }), payeeWith()], hold: holdWith() });
  draft.evolve({
    journals: [REVERSAL],
    accounts: [accountWith({ version: 10 })],
    hold: holdWith({ status: 'voided' }),
  });
  expect([draft.account('a')?.version, draft.hold('h')?.status, draft.journal('j')?.isReversed]).toEqual([
    10,
    'voided',
    true,
  ]);
  draft.rewind();
  expect([draft.account('a')?.version, draft.account('b'), draft.hold('h'), draft.journal('j')?.isReversed]).toEqual([
    8,
    undefined,
    undefined,
    false,
  ]);
});

it('keeps what was settled', () => {
  const draft = new LedgerDraft({ accounts: [accountWith()] });
  draft.mark();
  draft.evolve({ journals: [], accounts: [accountWith({ version: 8 })], hold: null });
  draft.settle();
  draft.rewind();
  expect(draft.account('a')?.version).toBe(8);
});

it('stops a journal that does not sum to zero', () => {
  const posting = (amountMinor: bigint) => ({ accountId: 'a', amountMinor, balanceAfterMinor: null, version: null });
  expect(() => assertBalanced({ ...REVERSAL, postings: [posting(5n), posting(-5n)] })).not.toThrow();
  expect(() => assertBalanced({ ...REVERSAL, postings: [posting(5n), posting(-4n)] })).toThrow();
});

it('spells code and currency in the id of an account of the bank', () => {
  expect(systemAccountId('cash', 'EUR')).toBe('00000000-0000-8000-8000-000000455552');
  const ids = new Set<string>();
  for (const currency of ['EUR', 'USD', 'JPY']) {
    for (const code of SYSTEM_ACCOUNT_CODES) {
      const id = systemAccountId(code, currency);
      expect([isSystemAccount(id), systemAccountCode(id)]).toEqual([true, code]);
      ids.add(id);
    }
  }
  expect(ids.size).toBe(3 * SYSTEM_ACCOUNT_CODES.length);
  expect(isSystemAccount('0190b0a8-1234-7abc-8def-0123456789ab')).toBe(false);
});
