import { ApiProblem } from '@florin/sdk';
import { queryOptions } from '@tanstack/react-query';
import { type OpenApi, operationsOf } from './openapi.ts';

/** Where the bank's own description of its API is; the one thing that is no operation of it. */
export const DOCUMENT_ADDRESS = '/openapi.json';

/** The document with its operations. It changes with the bank's version only. */
export const docsQuery = queryOptions({
  queryKey: ['openapi'],
  staleTime: Number.POSITIVE_INFINITY,
  async queryFn({ signal }) {
    const document = await fetchDocument(signal);
    return { document, operations: operationsOf(document) };
  },
});

async function fetchDocument(signal: AbortSignal): Promise<OpenApi> {
  const answer = await fetch(DOCUMENT_ADDRESS, { signal }).catch(() => undefined);
  if (answer === undefined) throw new ApiProblem({ status: 0, code: 'unreachable', detail: '' });
  if (!answer.ok) throw new ApiProblem({ status: answer.status, code: 'unexpected-answer', detail: '' });
  return answer.json();
}
