import { randomUUID } from 'node:crypto';
import { expect } from '@playwright/test';
import type { BankClient } from '../bank-client.ts';
import { bankUrl } from './bank.ts';
import { harm } from './harm.ts';

const SOON = { timeout: 20_000 };

/** A sign-up that needs somebody, and the saga that follows it. */
export interface StuckSignUp {
  readonly userId: string;
  readonly sagaId: string;
}

interface Saga {
  readonly id: string;
  readonly status: string;
  readonly subject: string;
}

/**
 * Somebody signs up, and their welcome is lost, as on a bad day: the notice is gone, nothing was heard of it, and the
 * deadline has passed. That it is stuck the bank finds out by itself. `staff` may read sagas.
 */
export async function stuckSignUp(staff: BankClient): Promise<StuckSignUp> {
  const answer = await fetch(`${bankUrl()}/v1/users`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      email: `nova-${randomUUID()}@example.com`,
      password: `${randomUUID()}-Aa1`,
      name: 'Nova Newcomer',
    }),
  });
  expect(answer.status).toBe(201);
  const { id: userId } = (await answer.json()) as { readonly id: string };
  const saga = async () => (await sagasOf(staff)).find(({ subject }) => subject === userId);
  await expect.poll(async () => (await saga())?.status, SOON).toBe('completed');
  const sagaId = (await saga())?.id ?? '';
  await harm('notifications', 'DELETE FROM notice WHERE owner = $1', userId);
  await harm(
    'users',
    "DELETE FROM choreography_event WHERE choreography_id = $1 AND (step = 'welcomed' OR kind = 'completed')",
    sagaId,
  );
  await harm(
    'users',
    "UPDATE choreography SET status = 'running', ended_at = NULL, deadline_at = now() WHERE id = $1",
    sagaId,
  );
  await expect.poll(async () => (await saga())?.status, SOON).toBe('needs_attention');
  return { userId, sagaId };
}

async function sagasOf(staff: BankClient): Promise<readonly Saga[]> {
  return (await staff.get('/v1/sagas/users?limit=100')).body['data'] as readonly Saga[];
}

/** Makes Fay a supervisor as well, so that there are two. Doing it again changes nothing. */
export async function makeSecondSupervisor(ada: BankClient, adam: BankClient, fay: BankClient): Promise<void> {
  const { body } = await fay.get('/v1/me');
  const asked = await ada.post(`/v1/users/${body['id']}/roles`, { role: 'supervisor' });
  if (asked.status === 200) return;
  expect(asked.status).toBe(202);
  const approved = await adam.post(`/v1/approvals/users/${asked.body['id']}/approve`, {});
  expect(approved.body['status']).toBe('done');
}
