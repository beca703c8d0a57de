import type { RouteContract } from '@florin/contracts';

/**
 * Answers which methods a path takes, for the `Allow` header of 405; empty when no route has that path. Only requests
 * that matched nothing ask, so it walks the list.
 */
export function allowedMethods(contracts: readonly RouteContract[]): (path: string) => readonly string[] {
  const routes = contracts.map((contract) => ({ method: contract.method, steps: contract.path.split('/') }));
  return (path) => {
    const steps = path.split('/');
    const methods = new Set<string>();
    for (const route of routes) {
      if (!matches(route.steps, steps)) continue;
      methods.add(route.method);
      if (route.method === 'GET') methods.add('HEAD');
    }
    return [...methods].sort();
  };
}

function matches(pattern: readonly string[], steps: readonly string[]): boolean {
  if (pattern.length !== steps.length) return false;
  return pattern.every((step, index) => (step.startsWith('{') ? steps[index] !== '' : step === steps[index]));
}
