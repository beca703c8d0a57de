import type { SagaDetail } from '@florin/sdk';
import { Alert, Stack, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { CircleAlert } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { MOVING_POLL_MS, openActionsQuery } from '../../../api/saga-queries.ts';
import type { SagaService } from '../../../api/saga-services.ts';
import { Card } from '../../../parts/card.tsx';
import { DataRegion } from '../../../parts/data-region.tsx';
import { RowsSkeleton } from '../../../parts/paged-region.tsx';
import { useBank, useHasRole } from '../../../session/use-bank.ts';
import { AskForm } from './ask-form.tsx';
import { AskedPanel } from './asked-panel.tsx';
import { useSagaWords } from './saga-words.ts';

interface SagaDecisionsProps {
  readonly service: SagaService;
  readonly saga: SagaDetail;
}

/** Why a saga needs somebody, what is asked about it, and the ways to ask and to decide. Nothing while it needs nobody. */
export function SagaDecisions({ service, saga }: SagaDecisionsProps) {
  const { t } = useTranslation('sagas');
  const needsSomebody = saga.status === 'needs_attention';
  const open = openActionsQuery(useBank(), service);
  // A colleague may be at it right now.
  const actions = useQuery(needsSomebody ? { ...open, refetchInterval: MOVING_POLL_MS } : open);
  const [said, setSaid] = useState('');
  const asked = actions.data?.items.find(({ sagaId }) => sagaId === saga.id);
  return (
    <>
      <Said text={said} />
      {(needsSomebody || asked !== undefined) && (
        <Card title={t(needsSomebody ? 'attention' : 'askedOpen')}>
          <Stack gap="lg">
            {saga.attention !== null && <Why text={saga.attention} steps={saga.steps.map(({ name }) => name)} />}
            <DataRegion query={actions} skeleton={<RowsSkeleton rows={3} />}>
              {() =>
                asked === undefined ? (
                  <Ask service={service} saga={saga} onSaid={setSaid} />
                ) : (
                  <AskedPanel
                    key={asked.id}
                    service={service}
                    asked={asked}
                    isOvertaken={asked.attentionSeq !== saga.attentionSeq}
                    onSaid={setSaid}
                  />
                )
              }
            </DataRegion>
          </Stack>
        </Card>
      )}
    </>
  );
}

function Why({ text, steps }: { readonly text: string; readonly steps: readonly string[] }) {
  const words = useSagaWords();
  return (
    <Text className="sign-bad" fw={600}>
      <CircleAlert size={20} aria-hidden /> {words.said(text, [...steps, '?'])}
    </Text>
  );
}

function Ask({ service, saga, onSaid }: SagaDecisionsProps & { readonly onSaid: (text: string) => void }) {
  const { t } = useTranslation('sagas');
  const mayAsk = useHasRole('supervisor');
  // What is written before sagas had such numbers can not be named, and so not be acted on.
  if (saga.attentionSeq === null) return null;
  if (!mayAsk) return <Text size="sm">{t('auditorText')}</Text>;
  return <AskForm service={service} sagaId={saga.id} attentionSeq={saga.attentionSeq} onSaid={onSaid} />;
}

/** What came of it. The button that was pressed is gone by then, so the focus comes here. */
function Said({ text }: { readonly text: string }) {
  const frame = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (text !== '') frame.current?.focus();
  }, [text]);
  return (
    <div role="status" className="said-here quiet-focus" ref={frame} tabIndex={-1}>
      {text !== '' && (
        <Alert color="forest" variant="outline">
          {text}
        </Alert>
      )}
    </div>
  );
}
