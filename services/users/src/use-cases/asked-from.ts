import type { ActionOrigin } from '@florin/primitives';
import type { RecordFacts } from './ports.ts';

/**
 * The same parts for one request of somebody who is not signed in yet: what goes on record of it says where it came from, whether
 * it succeeds or not, as that of people who are signed in does.
 */
export function askedFrom<Deps extends { readonly record: RecordFacts }>(deps: Deps, origin: ActionOrigin): Deps {
  const record: RecordFacts = (tx, facts) =>
    deps.record(
      tx,
      facts.map((fact) => (fact.kind === 'audited' ? { ...fact, actor: { origin, ...fact.actor } } : fact)),
    );
  return { ...deps, record };
}
