import { settingTable } from '@florin/primitives';

/** The environment of `npm run certs`. */
export const CERTS_SETTINGS = settingTable({
  FLORIN_HOME: { meaning: 'the folder that gets the certificates, in `certs/`', default: '.florin' },
});
