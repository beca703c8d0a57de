import { settingTable } from '@florin/primitives';

/** The environment of `npm run token`. */
export const TOKEN_SETTINGS = settingTable({
  FLORIN_URL: { meaning: 'where the bank answers', default: 'http://localhost:8080' },
  FLORIN_HOME: {
    meaning: 'the folder of the bank, which holds the passwords of the demo users',
    otherwise: '`.florin` in the checkout',
  },
});
