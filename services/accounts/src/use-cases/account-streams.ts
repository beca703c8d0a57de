import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Metrics } from '@florin/observability';
import { Fault, fail, ok, type Result } from '@florin/primitives';
import type { AccountNews } from '../domain/account-news.ts';
import type { AccountFailure } from '../domain/failures.ts';
import { readVector, writeVector } from '../domain/version-vector.ts';
import { type FindNews, findNews, newsKey } from './find-news.ts';
import { createOpenStreams, createStream, endStream, type OpenStreams, type Stream, writeTo } from './open-streams.ts';

/** How streams are written; every text is whole, so that streams end between two of them. */
export interface StreamTexts {
  /** The first of every stream. */
  readonly opening: string;
  /** Says nothing; keeps the connection alive. */
  readonly heartbeat: string;
  /** Says from where on a listener is told of changes. */
  ready(eventId: string): string;
  account(news: AccountNews, eventId: string): string;
}

export interface StreamSettings {
  /** Then a listener comes again, with a token that is looked at again. */
  readonly lifetimeMs: number;
  /** Shorter than anyone on the way takes silence for the end of a connection. */
  readonly heartbeatMs: number;
  readonly perCustomerMax: number;
  readonly perProcessMax: number;
}

export const STREAM_SETTINGS: StreamSettings = {
  lifetimeMs: 120_000,
  heartbeatMs: 15_000,
  perCustomerMax: 6,
  perProcessMax: 2_000,
};

type Versions = ReadonlyMap<string, number>;

export interface AccountStreamsOptions {
  /** The versions of the accounts that are these customers' now, by customer and account. */
  findVersions(customerIds: readonly string[]): Promise<ReadonlyMap<string, Versions>>;
  readonly findNews: FindNews;
  readonly texts: StreamTexts;
  readonly settings: StreamSettings;
  readonly metrics: Metrics;
}

/** Streams of what happens on people's accounts: every one that this process has open. */
export interface AccountStreams {
  /**
   * Opens a stream of a customer's accounts: from now on, or from where `lastEventId` says that an earlier one ended.
   * Fails with `too-many-streams`; throws a retryable Fault when this process has as many as it can bear, or ends.
   */
  open(customerId: string, lastEventId: string | undefined): Promise<Result<Readable, AccountFailure>>;
  /** Tells that these accounts have changed in the read model. Never throws. */
  wake(accountIds: Iterable<string>): void;
  /** Looks for every stream whether something has changed: another process may have consumed the event. */
  poll(): Promise<void>;
  /** Writes to those that have been silent for long. */
  keepAlive(): void;
  /** Ends all of them, and opens no more. */
  end(): void;
}

const TOO_MANY: AccountFailure = {
  code: 'too-many-streams',
  detail: 'There are as many streams open for you as there may be. Close one, or share one between windows.',
};

const NOTHING: Versions = new Map();

/**
 * A stream is a place in the history of each account and nothing else: it is told what has come since, which makes
 * leaving out what lies between as right as telling each step, and asks nothing of those who write. Whose an account is,
 * is read with every look, from the database.
 */
export function createAccountStreams(options: AccountStreamsOptions): AccountStreams {
  const { settings, texts } = options;
  const streams = createOpenStreams();
  const lookout = createLookout(options, streams);
  const gauge = options.metrics.gauge('florin_account_streams', 'Open streams of account changes');
  let hasEnded = false;

  function add(customerId: string): Stream {
    const closed = (stream: Stream) => {
      streams.remove(stream);
      lookout.due.delete(stream);
      gauge.set(streams.all.size);
    };
    const stream = createStream(customerId, settings.lifetimeMs, { drained: lookout.lookSoon, closed });
    streams.add(stream);
    gauge.set(streams.all.size);
    return stream;
  }

  async function start(stream: Stream, lastEventId: string | undefined): Promise<void> {
    writeTo(stream, texts.opening);
    const owned = (await options.findVersions([stream.customerId])).get(stream.customerId) ?? NOTHING;
    if (stream.hasEnded) return;
    streams.follow(stream, owned, lastEventId === undefined ? owned : readVector(lastEventId));
    stream.hasBegun = true;
    if (lastEventId === undefined) writeTo(stream, texts.ready(writeVector(stream.versions)));
    lookout.due.add(stream);
    lookout.lookSoon();
  }

  return {
    async open(customerId, lastEventId) {
      if (streams.countOf(customerId) >= settings.perCustomerMax) return fail(TOO_MANY);
      if (hasEnded || streams.all.size >= settings.perProcessMax) throw exhausted();
      const stream = add(customerId);
      try {
        await start(stream, lastEventId);
      } catch (error) {
        stream.readable.destroy();
        throw error;
      }
      return ok(stream.readable);
    },
    wake(accountIds) {
      if (streams.all.size === 0) return;
      for (const accountId of accountIds) for (const stream of streams.watchersOf(accountId)) lookout.due.add(stream);
      lookout.lookSoon();
    },
    poll() {
      for (const stream of streams.all) if (stream.hasBegun) lookout.due.add(stream);
      return lookout.look();
    },
    keepAlive() {
      const silentSinceMs = performance.now() - settings.heartbeatMs;
      for (const stream of streams.all) {
        if (!stream.isFull && stream.wroteAtMs <= silentSinceMs) writeTo(stream, texts.heartbeat);
      }
    },
    end() {
      hasEnded = true;
      for (const stream of streams.all) endStream(stream);
    },
  };
}

function exhausted(): Fault {
  return new Fault('streams-exhausted', 'no more streams can be opened in this process', {
    retryable: true,
    retryAfterSeconds: 5,
  });
}

/** An account that changes a thousand times a second is told of twenty times. */
const BETWEEN_ROUNDS_MS = 50;

/** Looks for the streams that are due what has happened since, one round at a time. */
function createLookout(options: AccountStreamsOptions, streams: OpenStreams) {
  const due = new Set<Stream>();
  let isLooking = false;

  /** The streams with room for what is found. */
  function takeDue(): Stream[] {
    const taken = [...due].filter((stream) => !stream.isFull);
    for (const stream of taken) due.delete(stream);
    return taken;
  }

  async function lookFor(round: readonly Stream[]): Promise<void> {
    const owned = await options.findVersions([...new Set(round.map((stream) => stream.customerId))]);
    const wanted = round.flatMap((stream) => {
      const versions = owned.get(stream.customerId) ?? NOTHING;
      if (stream.hasEnded) return [];
      streams.follow(stream, versions, NOTHING);
      return behind(stream, versions).map((each) => ({ ...each, stream }));
    });
    const news = await findNews(options.findNews, wanted);
    for (const { stream, ...each } of wanted) tell(stream, news.get(newsKey(each)));
  }

  function tell(stream: Stream, news: AccountNews | undefined): void {
    if (news === undefined || stream.hasEnded) return;
    if (stream.isFull) {
      due.add(stream);
      return;
    }
    stream.versions.set(news.accountId, news.balance.version);
    writeTo(stream, options.texts.account(news, writeVector(stream.versions)));
  }

  /** One round after another until nothing is due; what becomes due meanwhile is in the next. */
  async function look(): Promise<void> {
    if (isLooking) return;
    isLooking = true;
    let round: readonly Stream[] = [];
    try {
      for (round = takeDue(); round.length > 0; round = takeDue()) {
        await lookFor(round);
        await sleep(BETWEEN_ROUNDS_MS);
      }
    } catch (error) {
      for (const stream of round) if (!stream.hasEnded) due.add(stream);
      throw error;
    } finally {
      isLooking = false;
    }
  }

  return {
    due,
    look,
    lookSoon(): void {
      // What fails here stays due, and the next poll fails or finds it.
      look().catch(() => undefined);
    },
  };
}

/** The accounts of which a stream has not told everything. */
function behind(stream: Stream, owned: Versions) {
  const { customerId } = stream;
  return [...stream.versions].flatMap(([accountId, afterVersion]) =>
    (owned.get(accountId) ?? 0) > afterVersion ? [{ customerId, accountId, afterVersion }] : [],
  );
}
