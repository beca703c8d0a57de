import { builtinModules } from 'node:module';
import { posix } from 'node:path';
import { importsOf, lineAt, visit } from './parse.ts';
import { layerOf, productSources, type Rule, type TreeFile, unitOf, type Violation } from './tree.ts';

interface Layer {
  /** Other layers of the same service it may import; itself always. */
  readonly layers: readonly string[];
  /** The packages it may import; any other than the forbidden ones when absent. */
  readonly packages?: readonly string[];
  readonly forbidden?: readonly string[];
}

const WEB = ['@florin/http', '@florin/contracts', 'fastify', '@fastify/type-provider-typebox', 'undici'];
const STORE = ['@florin/postgres', 'pg'];

/** One way through a service: http | events -> use-cases -> domain, and use-cases -> repositories. */
const LAYERS: Readonly<Record<string, Layer>> = {
  domain: { layers: [], packages: ['@florin/primitives', '@florin/money'] },
  repositories: {
    layers: ['domain'],
    packages: ['@florin/primitives', '@florin/money', '@florin/postgres', '@florin/messaging', '@florin/data-keys'],
  },
  sagas: { layers: ['domain'], forbidden: [...WEB, ...STORE] },
  outbound: { layers: ['domain'], forbidden: STORE },
  'use-cases': { layers: ['domain', 'repositories', 'sagas'], forbidden: [...WEB, 'node:http', 'node:net'] },
  http: { layers: ['domain', 'use-cases'], forbidden: STORE },
  // What the world hears of a saga is read from it.
  events: { layers: ['domain', 'use-cases', 'sagas'], forbidden: ['fastify', 'pg'] },
  'config.ts': { layers: [] },
  // The composition root of a large service in three files: what its parts are made of, its ways in, and its life.
  'parts.ts': { layers: ['domain', 'use-cases', 'repositories', 'sagas', 'outbound', 'events', 'config.ts'] },
  'doors.ts': { layers: ['domain', 'use-cases', 'sagas', 'outbound', 'http', 'events', 'config.ts', 'parts.ts'] },
  'service.ts': {
    layers: [
      'domain',
      'use-cases',
      'repositories',
      'sagas',
      'outbound',
      'http',
      'events',
      'config.ts',
      'parts.ts',
      'doors.ts',
    ],
  },
  'main.ts': { layers: ['service.ts', 'config.ts'] },
  'index.ts': { layers: ['service.ts', 'config.ts'] },
};

/** What a layer of a service may import. */
export const layers: Rule = (tree) =>
  productSources(tree).flatMap((file) => {
    const name = layerOf(file.path);
    const layer = name === undefined ? undefined : LAYERS[name];
    return name === undefined || layer === undefined ? [] : checkLayer(file, name, layer);
  });

function checkLayer(file: TreeFile, name: string, layer: Layer): Violation[] {
  return importsOf(file).flatMap(({ specifier, line }) => {
    const problem = specifier.startsWith('.')
      ? innerProblem(file, name, layer, specifier)
      : packageProblem(name, layer, packageName(specifier));
    return problem ? [{ path: file.path, line, message: problem }] : [];
  });
}

function innerProblem(file: TreeFile, name: string, layer: Layer, specifier: string): string | undefined {
  const target = posix.join(posix.dirname(file.path), specifier);
  if (unitOf(target) !== unitOf(file.path)) return undefined; // the rule on packages speaks about that
  const targetLayer = layerOf(target) ?? target;
  if (targetLayer === name || layer.layers.includes(targetLayer)) return undefined;
  return `${name} must not import ${targetLayer}`;
}

function packageProblem(name: string, layer: Layer, imported: string): string | undefined {
  const isRefused = layer.packages ? !layer.packages.includes(imported) : layer.forbidden?.includes(imported);
  return isRefused ? `${name} must not import ${imported}` : undefined;
}

/** `@scope/name/deep` -> `@scope/name`; built-in modules always carry `node:`. */
function packageName(specifier: string): string {
  if (builtinModules.includes(specifier)) return `node:${specifier}`;
  if (specifier.startsWith('node:')) return specifier;
  return specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');
}

/** The domain is pure and synchronous: the same input gives the same decision, and nothing can interleave with it. */
export const synchronousDomain: Rule = (tree) =>
  productSources(tree)
    .filter((file) => layerOf(file.path) === 'domain')
    .flatMap((file) => {
      const found: Violation[] = [];
      const report = (node: { start: number }) =>
        found.push({ path: file.path, line: lineAt(file, node.start), message: 'domain must not be asynchronous' });
      const reportAsync = (node: { async: boolean; start: number }) => node.async && report(node);
      visit(file, {
        FunctionDeclaration: reportAsync,
        FunctionExpression: reportAsync,
        ArrowFunctionExpression: reportAsync,
        AwaitExpression: report,
        Identifier: (node) => node.name === 'Promise' && report(node),
      });
      return found;
    });
