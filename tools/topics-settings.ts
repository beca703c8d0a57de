import { PEER_SETTINGS } from '@florin/http';
import { KAFKA_SETTINGS } from '@florin/kafka';
import { settingTable } from '@florin/primitives';

/** The environment of `npm run topics`. */
export const TOPICS_SETTINGS = settingTable({
  FLORIN_KAFKA_BROKERS: { meaning: KAFKA_SETTINGS.FLORIN_KAFKA_BROKERS.meaning },
  ...PEER_SETTINGS,
});
