import { type Approval, answerOf } from '@florin/sdk';
import type { Bank } from '../session/bank.ts';
import type { SagaService } from './saga-services.ts';

// A second person's yes and no. Each is taken once, whatever is sent again. Each rejects with an ApiProblem.

export function approve({ api }: Bank, service: SagaService, id: string): Promise<Approval> {
  return answerOf(api.POST(`/v1/approvals/${service}/{id}/approve`, { params: { path: { id } } }));
}

export function reject({ api }: Bank, service: SagaService, id: string, reason: string): Promise<Approval> {
  return answerOf(api.POST(`/v1/approvals/${service}/{id}/reject`, { params: { path: { id } }, body: { reason } }));
}
