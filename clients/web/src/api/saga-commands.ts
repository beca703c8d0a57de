import { answerOf, type SagaAction } from '@florin/sdk';
import type { Bank } from '../session/bank.ts';
import type { SagaService } from './saga-services.ts';

// What staff do about a saga. One question about a saga is open at a time, and one that is decided is not decided again:
// so each can be sent twice and happens once. Each rejects with an ApiProblem.

export interface Wish {
  readonly action: SagaAction['action'];
  /** The attention of the saga that was looked at. */
  readonly attentionSeq: number;
  readonly reason: string;
  readonly evidence?: string;
}

export function askForAction({ api }: Bank, service: SagaService, id: string, wish: Wish): Promise<unknown> {
  return answerOf(api.POST(`/v1/sagas/${service}/{id}/actions`, { params: { path: { id } }, body: wish }));
}

export function decideAction(
  { api }: Bank,
  service: SagaService,
  actionId: string,
  decision: 'approve' | 'reject',
): Promise<SagaAction> {
  const params = { path: { actionId } };
  return decision === 'approve'
    ? answerOf(api.POST(`/v1/sagas/${service}/actions/{actionId}/approve`, { params }))
    : answerOf(api.POST(`/v1/sagas/${service}/actions/{actionId}/reject`, { params }));
}
