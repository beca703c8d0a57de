import type { Metrics } from '@florin/observability';
import type { DefinitionBook, OpenSagas } from './definition-book.ts';
import type { Outcome, SagaCommand } from './outcome.ts';
import type { Transition } from './transition.ts';

const GROUP_SIZES = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512];

/** What an operator can see of a runner. */
export function sagaMeasures(metrics: Metrics) {
  const open = metrics.gauge('florin_sagas_open', 'Sagas that have not ended', ['type', 'status']);
  const oldest = metrics.gauge('florin_saga_oldest_seconds', 'Age of the oldest saga that has not ended', ['type']);
  const strange = metrics.gauge('florin_sagas_without_definition', 'Open sagas of definitions this process lacks');
  const commands = metrics.counter('florin_saga_commands_total', 'Commands and how they were answered', [
    'participant',
    'outcome',
  ]);
  const asked = metrics.counter('florin_sagas_needing_attention_total', 'Times a saga asked for people', ['type']);
  const ended = metrics.counter('florin_sagas_ended_total', 'Sagas that ended', ['type', 'status']);
  const lost = metrics.counter('florin_saga_writes_lost_total', 'Transitions that somebody else was faster with');
  const groups = metrics.histogram('florin_saga_group_size', 'Transitions written by one commit', [], GROUP_SIZES);

  return {
    /** `null`: handed over, answered later. */
    answered(command: SagaCommand, outcome: Outcome | null) {
      commands.inc({ participant: command.participant, outcome: outcome?.kind ?? 'later' });
    },
    written({ saga, events }: Transition) {
      for (const { kind } of events) {
        if (kind === 'attention') asked.inc({ type: saga.type });
        else if (kind === 'completed' || kind === 'compensated') ended.inc({ type: saga.type, status: kind });
      }
    },
    lost: () => lost.inc(),
    committed: (transitions: number) => groups.observe(transitions),
    counted(rows: readonly OpenSagas[], book: DefinitionBook) {
      open.reset();
      oldest.reset();
      strange.set(0);
      const ages = new Map<string, number>();
      for (const { type, version, status, count, oldestAgeMs } of rows) {
        open.inc({ type, status }, count);
        if (!book.has(type, version)) strange.inc(count);
        ages.set(type, Math.max(ages.get(type) ?? 0, oldestAgeMs));
      }
      for (const [type, ageMs] of ages) oldest.set({ type }, ageMs / 1000);
    },
  };
}

export type SagaMeasures = ReturnType<typeof sagaMeasures>;
