import {
  listNotifications,
  type NoticeAnswer,
  PAGE_SIZE_DEFAULT,
  problemKind,
  readAllNotifications,
  readNotification,
  UNREAD_COUNTED_MAX,
} from '@florin/contracts';
import { type Endpoint, endpoint, problemReply, type Reply } from '@florin/http';
import { formatMoney } from '@florin/money';
import { isUuid } from '@florin/primitives';
import type { KeptNotice } from '../domain/notice.ts';
import type { Deps } from '../use-cases/ports.ts';
import { readEverything, readNotice, readPage } from '../use-cases/read-notices.ts';

/** What the bank told somebody, for them alone. */
export function noticeEndpoints(deps: Pick<Deps, 'db' | 'keys' | 'clock' | 'recordRead'>): Endpoint[] {
  return [
    endpoint(listNotifications, async ({ principal, query, traceId }) => {
      const { limit = PAGE_SIZE_DEFAULT, cursor } = query;
      if (cursor !== undefined && !isUuid(cursor)) {
        return refusal('invalid-cursor', 'The cursor is not one that this list gave.', traceId);
      }
      const page = { beforeId: cursor, limit, countedMax: UNREAD_COUNTED_MAX };
      const { notices, nextId, unread } = await readPage(deps, principal.subject, page);
      return {
        status: 200,
        body: { data: notices.map(presentNotice), nextCursor: nextId ?? null, unreadCount: unread },
      };
    }),
    endpoint(readNotification, async ({ caller, params, traceId }) => {
      const read = await readNotice(deps, caller, params.id);
      if (read.ok) return { status: 200, body: presentNotice(read.value) };
      return refusal(read.failure.code, 'There is no notice of yours with this id.', traceId);
    }),
    endpoint(readAllNotifications, async ({ caller }) => ({
      status: 200,
      body: { read: await readEverything(deps, caller) },
    })),
  ];
}

function refusal(code: 'invalid-cursor' | 'notice-not-found', detail: string, traceId: string): Reply {
  const { status, title } = problemKind(code);
  return problemReply({ status, code, title, detail, traceId });
}

function presentNotice({ id, kind, parameters, createdAtMs, readAtMs }: KeptNotice): NoticeAnswer {
  const { amountMinor, currency, ...others } = parameters;
  const hasAmount = amountMinor !== undefined && currency !== undefined;
  return {
    id,
    kind,
    parameters: { ...others, ...(hasAmount ? { amount: formatMoney(BigInt(amountMinor), currency) } : {}) },
    createdAt: new Date(createdAtMs).toISOString(),
    readAt: readAtMs === undefined ? null : new Date(readAtMs).toISOString(),
  };
}
