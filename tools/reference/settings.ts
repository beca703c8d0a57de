import { ACCOUNTS_SETTINGS } from '@florin/accounts';
import { GATEWAY_SETTINGS } from '@florin/gateway';
import { NOTIFICATIONS_SETTINGS } from '@florin/notifications';
import type { Setting, SettingTable } from '@florin/primitives';
import { TRANSACTIONS_SETTINGS } from '@florin/transactions';
import { USERS_SETTINGS } from '@florin/users';
import { CERTS_SETTINGS } from '../certs-settings.ts';
import { KEYS_SETTINGS } from '../keys-settings.ts';
import { START_SETTINGS } from '../start-settings.ts';
import { TOKEN_SETTINGS } from '../token-settings.ts';
import { TOPICS_SETTINGS } from '../topics-settings.ts';
import { code, GENERATED, page, table } from './markdown.ts';
import { TEST_SETTINGS } from './test-settings.ts';

/** Who reads the environment: the folders of its sources, and the settings that those may read. */
export interface Reader {
  readonly title: string;
  readonly remark?: string;
  readonly folders: readonly string[];
  readonly settings: SettingTable;
}

/** What every process that runs alone reads the same way. */
const PROCESS_FOLDERS = ['platform/http', 'platform/kafka', 'platform/observability'];

/** Every process that reads `FLORIN_` variables. */
export const READERS: readonly Reader[] = [
  { title: '`npm start`', folders: ['tools', 'platform/observability'], settings: START_SETTINGS },
  { title: '`npm run token`', folders: ['tools'], settings: TOKEN_SETTINGS },
  { title: '`npm run certs`', folders: ['tools'], settings: CERTS_SETTINGS },
  { title: '`npm run keys:rotate`', folders: ['tools'], settings: KEYS_SETTINGS },
  { title: '`npm run topics`', folders: ['tools', ...PROCESS_FOLDERS], settings: TOPICS_SETTINGS },
  {
    title: 'The gateway alone',
    folders: ['gateway', 'platform/redis', ...PROCESS_FOLDERS],
    settings: GATEWAY_SETTINGS,
  },
  { title: 'users alone', folders: ['services/users', ...PROCESS_FOLDERS], settings: USERS_SETTINGS },
  {
    title: 'accounts alone',
    folders: ['services/accounts', 'platform/redis', ...PROCESS_FOLDERS],
    settings: ACCOUNTS_SETTINGS,
  },
  {
    title: 'transactions alone',
    folders: ['services/transactions', ...PROCESS_FOLDERS],
    settings: TRANSACTIONS_SETTINGS,
  },
  {
    title: 'notifications alone',
    folders: ['services/notifications', ...PROCESS_FOLDERS],
    settings: NOTIFICATIONS_SETTINGS,
  },
  {
    title: 'Tests and benchmarks',
    remark: 'For those who work on Florin; nobody else needs them.',
    folders: ['tests', 'bench', 'platform/testing', 'services/transactions/src/use-cases', 'vitest.config.ts'],
    settings: TEST_SETTINGS,
  },
];

/** The page about settings, a table for each process. */
export function settingsPage(): string {
  return page(
    '# Settings',
    GENERATED,
    'Everything that differs from one installation to the next comes from the environment. `npm start` needs none of it.',
    ...READERS.flatMap(({ title, remark, settings }) => [
      `## ${title}`,
      ...(remark === undefined ? [] : [remark]),
      table(
        ['variable', 'meaning', 'when it is not set'],
        Object.entries(settings).map(([name, setting]) => [code(name), setting.meaning, absence(setting)]),
      ),
    ]),
  );
}

function absence(setting: Setting): string {
  if (setting.default !== undefined) return code(setting.default);
  return setting.otherwise ?? '**must be set**';
}
