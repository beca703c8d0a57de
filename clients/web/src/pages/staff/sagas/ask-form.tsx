import type { SagaAction } from '@florin/sdk';
import { Button, Radio, Stack, Text, Textarea, TextInput, Title } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { askForAction } from '../../../api/saga-commands.ts';
import type { SagaService } from '../../../api/saga-services.ts';
import { focusFirst } from '../../../parts/focus-first.ts';
import { oneLine, REASON_LENGTH_MAX, REASON_LENGTH_MIN } from '../one-line.ts';
import { SagaProblem } from './saga-problem.tsx';
import { useSagaChange } from './use-saga-change.ts';

type Action = SagaAction['action'];
const ACTIONS: readonly Action[] = ['retry', 'resolve'];

interface AskFormProps {
  readonly service: SagaService;
  readonly sagaId: string;
  readonly attentionSeq: number;
  readonly onSaid: (text: string) => void;
}

/** Asks for something to be done about a saga; a second person decides. */
export function AskForm({ service, sagaId, attentionSeq, onSaid }: AskFormProps) {
  const { t } = useTranslation('sagas');
  const [action, setAction] = useState<Action>('retry');
  const form = useAskForm(action);
  const ask = useSagaChange({
    service,
    send: (bank, { reason, evidence }: { readonly reason: string; readonly evidence: string }) =>
      askForAction(bank, service, sagaId, {
        action,
        attentionSeq,
        reason: oneLine(reason),
        ...(action === 'resolve' ? { evidence: oneLine(evidence) } : {}),
      }),
    onDone: () => onSaid(t('asked')),
  });
  return (
    <form onSubmit={form.onSubmit((values) => ask.mutate(values), focusFirst(form))} noValidate className="narrow">
      <Stack>
        <div>
          <Title order={3} size="h5">
            {t('askTitle')}
          </Title>
          <Text size="sm" c="dimmed">
            {t('askText')}
          </Text>
        </div>
        <SagaProblem error={ask.error} unsure={t('unsureAsked')} />
        <ActionChoice action={action} onChange={setAction} />
        <Textarea
          label={t('reason')}
          description={t('reasonHint')}
          maxLength={REASON_LENGTH_MAX}
          rows={2}
          key={form.key('reason')}
          {...form.getInputProps('reason')}
        />
        {action === 'resolve' && (
          <TextInput
            label={t('evidence')}
            description={t('evidenceHint')}
            maxLength={REASON_LENGTH_MAX}
            autoComplete="off"
            key={form.key('evidence')}
            {...form.getInputProps('evidence')}
          />
        )}
        <Button type="submit" loading={ask.isPending} className="own-width">
          {t(`ask.${action}`)}
        </Button>
      </Stack>
    </form>
  );
}

function useAskForm(action: Action) {
  const { t } = useTranslation('sagas');
  return useForm({
    mode: 'uncontrolled',
    initialValues: { reason: '', evidence: '' },
    validate: {
      reason: (text) => (oneLine(text).length < REASON_LENGTH_MIN ? t('reasonShort') : null),
      evidence: (text) =>
        action === 'resolve' && oneLine(text).length < REASON_LENGTH_MIN ? t('evidenceShort') : null,
    },
  });
}

function ActionChoice({ action, onChange }: { readonly action: Action; readonly onChange: (action: Action) => void }) {
  const { t } = useTranslation('sagas');
  return (
    <Radio.Group
      label={t('actionLabel')}
      value={action}
      onChange={(value) => onChange(value === 'resolve' ? 'resolve' : 'retry')}
    >
      <Stack gap="sm" mt="xs">
        {ACTIONS.map((one) => (
          <Radio key={one} value={one} label={t(`action.${one}`)} description={t(`actionText.${one}`)} />
        ))}
      </Stack>
    </Radio.Group>
  );
}
