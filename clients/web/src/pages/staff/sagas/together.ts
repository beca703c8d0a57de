import type { Some } from '../../../api/saga-queries.ts';
import type { SagaService } from '../../../api/saga-services.ts';

interface OneQuery<Item> {
  readonly data: Some<Item> | undefined;
  readonly error: Error | null;
  readonly isPending: boolean;
  readonly dataUpdatedAt: number;
  refetch(): unknown;
}

/** What was asked of several services, put together. */
export interface Together<Item> {
  readonly items: readonly { readonly service: SagaService; readonly item: Item }[];
  /** The services that could not be asked, or not again, each with why. */
  readonly failed: readonly { readonly service: SagaService; readonly error: Error }[];
  /** The services that have more than they told. */
  readonly more: readonly SagaService[];
  readonly isPending: boolean;
  /** Whether every service has answered: only then nothing means nothing. */
  readonly isWhole: boolean;
  /** When the oldest of the answers came, by the clock of this browser. */
  readonly atMs: number;
  readonly refetch: () => void;
}

/** Puts the answers of the services together; one that fails is named, and never counts as having nothing. */
export function together<Item>(services: readonly SagaService[], queries: readonly OneQuery<Item>[]): Together<Item> {
  const each = services.flatMap((service, index) => {
    const query = queries[index];
    return query === undefined ? [] : [{ service, query }];
  });
  const answered = each.filter(({ query }) => query.data !== undefined);
  return {
    items: each.flatMap(({ service, query }) => (query.data?.items ?? []).map((item) => ({ service, item }))),
    failed: each.flatMap(({ service, query: { error } }) => (error === null ? [] : [{ service, error }])),
    more: each.filter(({ query }) => query.data?.isWhole === false).map(({ service }) => service),
    isPending: each.some(({ query }) => query.isPending),
    isWhole: each.length > 0 && each.every(({ query: { data, error } }) => data !== undefined && error === null),
    atMs: answered.length === 0 ? 0 : Math.min(...answered.map(({ query }) => query.dataUpdatedAt)),
    refetch() {
      for (const { query } of each) void query.refetch();
    },
  };
}
