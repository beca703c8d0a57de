import { SAGA_SERVICES, SAGA_STATUSES, type SagaService } from './saga-services.ts';

/** What sagas are searched for; also the search part of the page's address. */
export interface SagaSearch {
  /** Whose sagas; the first of the services when absent. */
  readonly service?: SagaService;
  readonly status?: (typeof SAGA_STATUSES)[number];
  readonly type?: string;
}

const TYPE_LENGTH_MAX = 100;

/** Reads the search part of an address; what makes no sense is left out rather than asked for. */
export function readSagaSearch(raw: Readonly<Record<string, unknown>>): SagaSearch {
  const service = SAGA_SERVICES.find((one) => one === raw['service']);
  const status = SAGA_STATUSES.find((one) => one === raw['status']);
  const type = raw['type'];
  return {
    ...(service === undefined ? {} : { service }),
    ...(status === undefined ? {} : { status }),
    ...(typeof type === 'string' && type !== '' && type.length <= TYPE_LENGTH_MAX ? { type } : {}),
  };
}
