import { getJournal, getLatestReconciliation, listJournals, PAGE_SIZE_DEFAULT } from '@florin/contracts';
import { commonProblem, type Endpoint, endpoint } from '@florin/http';
import { findJournalDetail } from '../use-cases/find-journal.ts';
import { listJournals as readJournals } from '../use-cases/list-journals.ts';
import { readLatestReconciliation } from '../use-cases/read-latest-reconciliation.ts';
import type { Shards, Stored } from '../use-cases/shards.ts';
import { presentBookedJournal, presentJournalDetail, presentReconciliation } from './book-presenters.ts';
import { refusal } from './problems.ts';

/** What staff look up in the books. */
export function journalEndpoints(shards: Shards<Stored>): Endpoint[] {
  return [
    endpoint(listJournals, async ({ query, traceId }) => {
      if (query.iban !== undefined && query.accountId !== undefined) return namedTwice(traceId);
      const found = await readJournals(shards, { ...query, limit: query.limit ?? PAGE_SIZE_DEFAULT });
      if (!found.ok) return refusal(found.failure, traceId);
      const { journals, nextCursor } = found.value;
      return { status: 200, body: { data: journals.map(presentBookedJournal), nextCursor } };
    }),
    endpoint(getJournal, async ({ params, traceId }) => {
      const found = await findJournalDetail(shards, params.id);
      return found.ok ? { status: 200, body: presentJournalDetail(found.value) } : refusal(found.failure, traceId);
    }),
    endpoint(getLatestReconciliation, async ({ traceId }) => {
      const found = await readLatestReconciliation(shards);
      if (!found.ok) return refusal(found.failure, traceId);
      const { latest, lastFull } = found.value;
      const full = lastFull === undefined ? {} : { lastFull: presentReconciliation(lastFull) };
      return { status: 200, body: { ...presentReconciliation(latest), ...full } };
    }),
  ];
}

function namedTwice(traceId: string) {
  const errors = [{ path: '/accountId', message: 'must not be given together with an IBAN' }];
  return commonProblem('invalid-request', traceId, { errors });
}
