import type { SagaDetail } from '@florin/sdk';
import { Text } from '@mantine/core';
import { Check, CircleHelp, Ellipsis, Hourglass, type LucideIcon, Minus, Undo2, X } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { Card } from '../../../parts/card.tsx';
import { useSagaWords } from './saga-words.ts';

type Step = SagaDetail['steps'][number];

const MARKS: Readonly<Record<Step['state'], readonly [icon: LucideIcon, tone: 'good' | 'bad' | 'busy' | 'idle']>> = {
  pending: [Ellipsis, 'idle'],
  in_flight: [Hourglass, 'busy'],
  waiting: [Hourglass, 'busy'],
  applied: [Check, 'good'],
  rejected: [X, 'bad'],
  unknown: [CircleHelp, 'bad'],
  undone: [Undo2, 'idle'],
  skipped: [Minus, 'idle'],
};

/** The steps of a saga in their order, each with how far it is. */
export function SagaSteps({ saga: { steps, step: current } }: { readonly saga: SagaDetail }) {
  const { t } = useTranslation('sagas');
  return (
    <Card title={t('steps')}>
      {steps.length === 0 ? (
        <Text size="sm">{t('noSteps')}</Text>
      ) : (
        <ol className="plain-list trail">
          {steps.map((step) => (
            <StepItem key={step.name} step={step} isCurrent={step.name === current} />
          ))}
        </ol>
      )}
    </Card>
  );
}

function StepItem({ step, isCurrent }: { readonly step: Step; readonly isCurrent: boolean }) {
  const { t } = useTranslation('sagas');
  const words = useSagaWords();
  const [Icon, tone] = MARKS[step.state];
  const facts = [t(`stepState.${step.state}`), step.attempts > 1 ? t('attempts', { count: step.attempts }) : ''];
  return (
    <li className="trail-item" {...(isCurrent ? { 'aria-current': 'step' } : {})}>
      <span className="trail-mark" data-tone={tone} aria-hidden>
        <Icon size={16} />
      </span>
      <div className="trail-text">
        <Text fw={isCurrent ? 700 : 600}>{words.step(step.name)}</Text>
        <Text size="sm">{facts.filter(Boolean).join(' · ')}</Text>
        {step.kind !== 'event' && (
          <Text size="xs" c="dimmed">
            {t(`stepKind.${step.kind}`)}
          </Text>
        )}
      </div>
    </li>
  );
}
