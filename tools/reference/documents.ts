import { schemaText } from '@florin/sdk/generate';
import { GRAFANA_FILES } from '../dashboards/grafana.ts';
import { objectivesText } from '../objectives.ts';
import { asyncApiText } from './asyncapi.ts';
import { cacheKeysPage } from './cache-keys.ts';
import { eventsPage } from './events.ts';
import { failureCasesPage } from './failure-cases.ts';
import { openApiText } from './openapi.ts';
import { permissionsPage } from './permissions.ts';
import { problemsPage } from './problems.ts';
import { settingsPage } from './settings.ts';

/** What is made from the code and committed, so that a reader finds it: by its path, how its text is made. */
export const DOCUMENTS: Readonly<Record<string, () => string | Promise<string>>> = {
  'clients/sdk/src/schema.d.ts': schemaText,
  'docs/reference/openapi.json': openApiText,
  'docs/reference/events.asyncapi.json': asyncApiText,
  'docs/reference/cache-keys.md': cacheKeysPage,
  'docs/reference/events.md': eventsPage,
  'docs/reference/failure-cases.md': failureCasesPage,
  'docs/reference/permissions.md': permissionsPage,
  'docs/reference/problems.md': problemsPage,
  'docs/reference/settings.md': settingsPage,
  'deploy/prometheus/objectives.yml': objectivesText,
  ...GRAFANA_FILES,
};
