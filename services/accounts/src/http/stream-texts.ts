import type { AccountNews } from '../domain/account-news.ts';
import type { StreamTexts } from '../use-cases/account-streams.ts';
import { presentNews } from './presenters.ts';

/** What a client waits before it comes again; long enough that a bank that restarts is not met by all at once. */
const RETRY_MS = 2_000;

/** Several windows of one customer are told the same: the text of a piece of news is made once. */
const newsTexts = new WeakMap<AccountNews, string>();

function newsText(news: AccountNews): string {
  const known = newsTexts.get(news) ?? JSON.stringify(presentNews(news));
  newsTexts.set(news, known);
  return known;
}

/** `data` is one line: JSON has no line breaks. */
function eventText(name: string, id: string, data: string): string {
  return `id: ${id}\nevent: ${name}\ndata: ${data}\n\n`;
}

/** Streams as server-sent events (WHATWG HTML, section 9.2). */
export const serverSentEvents: StreamTexts = {
  opening: `retry: ${RETRY_MS}\n\n`,
  // A comment: no event, for nobody.
  heartbeat: ':\n\n',
  ready: (eventId) => eventText('ready', eventId, '{}'),
  account: (news, eventId) => eventText('account', eventId, newsText(news)),
};
