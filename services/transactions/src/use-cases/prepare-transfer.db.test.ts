import { newId } from '@florin/primitives';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TransferCommand } from '../domain/command.ts';
import { findAccounts } from '../repositories/accounts.ts';
import { type CommandRecord, insertCommands } from '../repositories/commands.ts';
import { openTestLedger, type TestLedger, transferOf } from '../testing/test-ledger.ts';
import { prepareTransfer, type TwoPhaseDeps } from './prepare-transfer.ts';

let bank: TestLedger;
beforeAll(async () => {
  bank = await openTestLedger();
});
afterAll(() => bank.close());

/** A transfer that is decided, while nobody could be told yet but who is named. */
async function decided(heard: 'the payer' | 'nobody') {
  const from = await bank.open('alice', 10_000n);
  const to = await bank.open('bob', 0n);
  const [payer] = await findAccounts(bank.database.database, [from]);
  const [payee] = await findAccounts(bank.database.database, [to]);
  const present = () => ({ status: 201, body: '{}', isFinal: true });
  const ways = { present, presentPending: present, presentTwoPhase: present, coordination: 'two-phase' as const };
  const command = transferOf(from, to, 100n) as TransferCommand;
  const keyed = { scope: 'test', key: newId(0), fingerprint: 'f', command, ...ways };
  const coordinator: ReturnType<TwoPhaseDeps['coordinatorOf']> = {
    async run(_, work) {
      for (const branch of work.values()) {
        if (branch.side !== 'debit') continue;
        const record: CommandRecord = branch.record({ journals: [], accounts: payer ? [payer] : [], hold: null });
        if (heard === 'the payer') await insertCommands(bank.database.database, [record]);
      }
      return { status: 'committed', isEnded: false };
    },
  };
  const shards = { debit: bank.ledger, credit: { ...bank.ledger, index: 1 } };
  const desk = { coordinatorOf: () => coordinator, branchOf: (shard: number) => `shard-${shard}` };
  return prepareTransfer(desk, shards, keyed, { payer, payee });
}

it('a payer is not told of a transfer that they would not find yet, though it is decided', async () => {
  await expect(decided('nobody')).rejects.toMatchObject({ code: 'transfer-in-doubt', retryable: true });
});

it('a payer whose database has committed is told, whether or not the other one has', async () => {
  expect(await decided('the payer')).toMatchObject({ kind: 'answered', status: 201, isReplay: false });
});
