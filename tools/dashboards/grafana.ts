import { bank } from './bank.ts';
import type { Dashboard, Panel } from './dashboard.ts';
import { events } from './events.ts';
import { ledger } from './ledger.ts';
import { servers } from './servers.ts';

export const DASHBOARDS: readonly Dashboard[] = [bank, ledger, events, servers];

/** What Grafana reads at its start, by path: the dashboards, where they are, and which Prometheus they ask. */
export const GRAFANA_FILES: Readonly<Record<string, () => string>> = {
  ...Object.fromEntries(
    DASHBOARDS.map((dashboard) => [`deploy/grafana/dashboards/${dashboard.name}.json`, () => dashboardText(dashboard)]),
  ),
  'deploy/grafana/provisioning/dashboards/florin.yml': dashboardProvider,
  'deploy/grafana/provisioning/datasources/prometheus.yml': dataSource,
};

const SOURCE = { type: 'prometheus', uid: 'florin-prometheus' };
/** Grafana's grid has 24 columns: two panels beside each other. */
const PANEL_WIDTH = 12;
const PANEL_HEIGHT = 8;
const SCHEMA_VERSION = 39;
const WRITTEN = '# Written by `npm run generate`; what is changed here by hand is lost.';

function dashboardText({ name, title, panels }: Dashboard): string {
  const dashboard = {
    uid: `florin-${name}`,
    title,
    tags: ['florin'],
    editable: false,
    schemaVersion: SCHEMA_VERSION,
    time: { from: 'now-1h', to: 'now' },
    refresh: '10s',
    panels: panels.map(panelOf),
  };
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}

function panelOf({ title, unit, queries }: Panel, index: number) {
  return {
    id: index + 1,
    type: 'timeseries',
    title,
    datasource: SOURCE,
    gridPos: {
      ...{ x: (index % 2) * PANEL_WIDTH, y: Math.floor(index / 2) * PANEL_HEIGHT },
      ...{ w: PANEL_WIDTH, h: PANEL_HEIGHT },
    },
    fieldConfig: { defaults: { unit, min: 0 }, overrides: [] },
    options: { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi', sort: 'desc' } },
    targets: queries.map(({ expression, legend }, query) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + query),
      datasource: SOURCE,
      expr: expression,
      legendFormat: legend,
    })),
  };
}

function dashboardProvider(): string {
  return `${WRITTEN}
apiVersion: 1
providers:
  - name: florin
    folder: Florin
    type: file
    allowUiUpdates: false
    options:
      path: /var/lib/grafana/dashboards
`;
}

/** Grafana replaces the variable by what it is started with. */
function dataSource(): string {
  return `${WRITTEN}
apiVersion: 1
datasources:
  - name: Prometheus
    uid: ${SOURCE.uid}
    type: ${SOURCE.type}
    access: proxy
    url: $PROMETHEUS_URL
    isDefault: true
    editable: false
`;
}
