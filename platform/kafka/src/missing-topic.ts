import { createFailureLog } from '@florin/messaging';
import type { Logger } from '@florin/observability';
import { findErrorBy } from '@platformatic/kafka';

/** What one who publishes or listens knows of whether it can: it goes on trying, whatever it is. */
export interface TopicTrouble {
  failed(error: unknown): void;
  succeeded(): void;
  /** Whether the broker answered that there is no such topic. One that is away says nothing of it. */
  isTopicMissing(): boolean;
}

/** No trouble yet. Says in the log what is wrong: `message`, or that a topic is missing. */
export function createTopicTrouble(
  logger: Logger,
  message: string,
  fields: Readonly<Record<string, string>>,
): TopicTrouble {
  const note = createFailureLog(logger, message, fields);
  const noteMissing = createFailureLog(logger, 'a topic is missing: npm run topics makes it', fields);
  let isMissing = false;
  return {
    failed(error) {
      if (!saysTopicIsMissing(error)) return note(error);
      isMissing = true;
      noteMissing(error);
    },
    succeeded() {
      if (isMissing) logger.info(fields, 'the topic that was missing is there');
      isMissing = false;
    },
    isTopicMissing: () => isMissing,
  };
}

/** As the broker says it, or as the client does when it asked where the topics are. The client may name another one. */
function saysTopicIsMissing(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  return (
    error.message.startsWith('Unknown topic ') || findErrorBy(error, 'apiId', 'UNKNOWN_TOPIC_OR_PARTITION') !== null
  );
}
