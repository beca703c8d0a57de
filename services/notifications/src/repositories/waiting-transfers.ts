import type { DataKeys, SealedColumn } from '@florin/data-keys';
import { type Executor, sql, type Tx } from '@florin/postgres';
import type { TransferNews } from '../domain/news.ts';

const referenceContext = (transferId: string): string => `waiting_transfer.reference|${transferId}`;

/** Keeps transfers until somebody says whose account they came to. */
export async function insertWaiting(tx: Tx, keys: DataKeys, transfers: readonly TransferNews[]): Promise<void> {
  if (transfers.length === 0) return;
  const column = <Value>(read: (transfer: TransferNews) => Value) => transfers.map(read);
  await tx.execute(sql`
    INSERT INTO waiting_transfer (transfer_id, event_id, correlation_id, from_account_id, to_account_id, amount_minor,
      currency, reference_sealed)
    SELECT * FROM unnest(${column((one) => one.transferId)}::uuid[], ${column((one) => one.cause.eventId)}::text[],
      ${column((one) => one.cause.correlationId ?? null)}::text[], ${column((one) => one.fromAccountId)}::uuid[],
      ${column((one) => one.toAccountId)}::uuid[], ${column((one) => one.amountMinor.toString())}::bigint[],
      ${column((one) => one.currency)}::text[], ${column((one) => keys.seal(one.reference, referenceContext(one.transferId)))}::bytea[])
    ON CONFLICT DO NOTHING`);
}

interface Row {
  transfer_id: string;
  event_id: string;
  correlation_id: string | null;
  from_account_id: string;
  to_account_id: string;
  amount_minor: bigint;
  currency: string;
  /** In the clear in what was written before references were sealed. */
  reference: string | null;
  reference_sealed: Buffer | null;
}

/** Takes transfers out whose payee is known by now; another process skips them until this transaction ends. */
export async function takeKnown(tx: Tx, keys: DataKeys, limit: number): Promise<TransferNews[]> {
  const rows = await tx.query<Row>(sql`
    DELETE FROM waiting_transfer WHERE transfer_id = ANY(ARRAY(
      SELECT transfer_id FROM waiting_transfer JOIN account ON account.id = to_account_id
      ORDER BY came_at LIMIT ${limit} FOR UPDATE OF waiting_transfer SKIP LOCKED))
    RETURNING transfer_id, event_id, correlation_id, from_account_id, to_account_id, amount_minor, currency, reference,
      reference_sealed`);
  return rows.map((row) => ({
    kind: 'transfer',
    cause: { eventId: row.event_id, correlationId: row.correlation_id ?? undefined },
    transferId: row.transfer_id,
    fromAccountId: row.from_account_id,
    toAccountId: row.to_account_id,
    amountMinor: row.amount_minor,
    currency: row.currency,
    reference: referenceOf(keys, row),
  }));
}

/** Gives up on transfers to accounts that nobody spoke of in so many days. */
export function purgeWaiting(db: Executor, days: number, rowsMax: number): Promise<number> {
  return db.execute(sql`
    DELETE FROM waiting_transfer WHERE transfer_id = ANY(ARRAY(
      SELECT transfer_id FROM waiting_transfer
      WHERE came_at < now() - ${days}::integer * interval '1 day' ORDER BY came_at LIMIT ${rowsMax}))`);
}

function referenceOf(keys: DataKeys, { transfer_id, reference, reference_sealed }: Row): string {
  return reference_sealed === null ? (reference ?? '') : keys.open(reference_sealed, referenceContext(transfer_id));
}

/** What this file seals, for when a key changed. */
export const WAITING_SEALED: SealedColumn = {
  table: 'waiting_transfer',
  column: 'reference_sealed',
  key: ['transfer_id'],
  context: (row) => referenceContext(String(row['transfer_id'])),
};
