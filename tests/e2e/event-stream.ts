/** A stream of server-sent events, read as a program reads it. */
export interface EventStream {
  readonly status: number;
  /** The next event; undefined when the stream has ended. Rejects when it was broken off. */
  next(): Promise<{ readonly id: string; readonly event: string; readonly data: Record<string, unknown> } | undefined>;
}

export async function openEventStream(url: string, headers: Readonly<Record<string, string>>): Promise<EventStream> {
  const answer = await fetch(url, { headers: { accept: 'text/event-stream', ...headers } });
  const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
  let text = '';
  return {
    status: answer.status,
    async next() {
      for (;;) {
        const message = /^id: (.*)\nevent: (.*)\ndata: (.*)\n\n/m.exec(text);
        if (message !== null) {
          text = text.slice(message.index + message[0].length);
          const [, id = '', event = '', data = ''] = message;
          return { id, event, data: JSON.parse(data) };
        }
        const chunk = await reader?.read();
        if (chunk === undefined || chunk.done) return undefined;
        text += chunk.value;
      }
    },
  };
}
