import type { ServerResponse } from 'node:http';

/** Answers that go on until somebody ends them. Stopping waits for every answer under way, so these are ended first. */
export interface OpenStreams {
  add(response: ServerResponse): void;
  /** Ends all of them, and every one that is added later; their listeners come again, to whoever is there then. */
  end(): void;
}

export function createOpenStreams(): OpenStreams {
  const open = new Set<ServerResponse>();
  let isEnding = false;

  return {
    add(response) {
      if (isEnding) return end(response);
      open.add(response);
      response.once('close', () => open.delete(response));
    },
    end() {
      isEnding = true;
      for (const response of open) end(response);
    },
  };
}

/** In good order where the listener has read everything; one that reads slowly would hold us up. */
function end(response: ServerResponse): void {
  if (response.headersSent && response.writableLength === 0) response.end();
  else response.destroy();
}
