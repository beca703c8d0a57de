import { openChoreographed } from './choreographed.ts';
import type { OpenDesk, Places } from './desk.ts';
import { type Armed, createFault } from './fault.ts';
import { openOverBroker } from './over-broker.ts';
import { openRestOrchestrator, openRestPayee, openRestPayer } from './over-rest.ts';
import { openTwoPhaseDesk } from './two-phase.ts';

/** What a process can be. */
const ROLES = {
  orchestrator: openRestOrchestrator,
  payer: openRestPayer,
  payee: openRestPayee,
  broker: openOverBroker,
  choreographed: openChoreographed,
  'two-phase': openTwoPhaseDesk,
} as const satisfies Record<string, OpenDesk>;
export type Role = keyof typeof ROLES;

export type Request =
  | ({ readonly op: 'arm' } & Armed)
  | { readonly op: 'begin'; readonly transfer: string; readonly refused: boolean }
  | { readonly op: 'standing'; readonly transfer: string };

const [role, places] = process.argv.slice(2) as [Role, string];
const fault = createFault();
const desk = await ROLES[role](JSON.parse(places) as Places, fault.at);

async function answer(request: Request): Promise<unknown> {
  switch (request.op) {
    case 'arm':
      return fault.arm(request);
    case 'begin':
      return desk.begin(request.transfer, request.refused);
    case 'standing':
      return desk.standing(request.transfer);
  }
}

process.on('message', ({ number, request }: { number: number; request: Request }) => {
  answer(request).then(
    (value) => process.send?.({ number, value }),
    (error: Error) => process.send?.({ number, error: error.message }),
  );
});
process.on('disconnect', () => process.exit());
process.send?.({ ready: true });
