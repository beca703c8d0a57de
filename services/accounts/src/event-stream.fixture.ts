import type { AccountEvent } from '@florin/contracts';

export interface ReceivedMessage {
  readonly id: string;
  readonly event: string;
  readonly data: AccountEvent;
}

/** A listener as a browser is one: reads events as they come, and remembers the id of the last. */
export interface EventStream {
  readonly status: number;
  readonly headers: Headers;
  /** The whole answer, when it is no stream. */
  readonly problem: Record<string, unknown> | undefined;
  lastEventId: string | undefined;
  /** Everything that came, comments too. */
  readonly text: string;
  /** The next event; undefined when the stream has ended. */
  next(): Promise<ReceivedMessage | undefined>;
  close(): Promise<void>;
}

export async function readEvents(response: Response, sentEventId: string | undefined): Promise<EventStream> {
  const isStream = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  const problem = isStream ? undefined : ((await response.json()) as Record<string, unknown>);
  const reader = isStream ? response.body?.pipeThrough(new TextDecoderStream()).getReader() : undefined;
  let text = '';
  let read = 0;

  /** The next block up to its blank line, that has an event in it. */
  function takeMessage(): ReceivedMessage | undefined {
    for (let end = text.indexOf('\n\n', read); end !== -1; end = text.indexOf('\n\n', read)) {
      const fields = new Map(
        text
          .slice(read, end)
          .split('\n')
          .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1).trimStart()] as const),
      );
      read = end + 2;
      const [id, event, data] = [fields.get('id'), fields.get('event'), fields.get('data')];
      if (id !== undefined && event !== undefined && data !== undefined) return { id, event, data: JSON.parse(data) };
    }
    return undefined;
  }

  const stream: EventStream = {
    status: response.status,
    headers: response.headers,
    problem,
    lastEventId: sentEventId,
    get text() {
      return text;
    },
    async next() {
      for (;;) {
        const message = takeMessage();
        if (message !== undefined) {
          stream.lastEventId = message.id;
          return message;
        }
        const chunk = await reader?.read();
        if (chunk === undefined || chunk.done) return undefined;
        text += chunk.value;
      }
    },
    async close() {
      await reader?.cancel();
    },
  };
  return stream;
}
