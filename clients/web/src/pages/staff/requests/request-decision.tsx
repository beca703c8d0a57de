import type { Approval, Role } from '@florin/sdk';
import { Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { approve, reject } from '../../../api/approval-commands.ts';
import type { SagaService } from '../../../api/saga-services.ts';
import { focusFirst } from '../../../parts/focus-first.ts';
import { ProblemNotice } from '../../../parts/problem-notice.tsx';
import { useBank, useHasRole, useUser } from '../../../session/use-bank.ts';
import { oneLine, REASON_LENGTH_MAX, REASON_LENGTH_MIN } from '../one-line.ts';

export interface RequestProps {
  readonly service: SagaService;
  readonly approval: Approval;
  readonly onSaid: (text: string) => void;
}

/** Who decides where; the bank decides again. */
const CHECKER: Readonly<Record<SagaService, Role>> = {
  transactions: 'supervisor',
  accounts: 'supervisor',
  users: 'admin',
};

/** The yes and the no, for those who may say them. */
export function RequestDecision({ service, approval, onSaid }: RequestProps) {
  const { t } = useTranslation('requests');
  const isMaker = useUser().id === approval.maker;
  const mayDecide = useHasRole(CHECKER[service]);
  const [isRejecting, setRejecting] = useState(false);
  const decide = useDecision({ service, approval, onSaid });
  if (isMaker || !mayDecide) return <Text fw={600}>{t(isMaker ? 'yours' : 'notYou')}</Text>;
  return (
    <Stack gap="sm">
      {decide.isError && <ProblemNotice error={decide.error} />}
      {isRejecting ? (
        <RejectForm
          isPending={decide.isPending}
          onReject={(reason) => decide.mutate(reason)}
          onCancel={() => setRejecting(false)}
        />
      ) : (
        <Group>
          <Button loading={decide.isPending} onClick={() => decide.mutate(null)}>
            {t('approve')}
          </Button>
          <Button variant="default" disabled={decide.isPending} onClick={() => setRejecting(true)}>
            {t('reject')}
          </Button>
        </Group>
      )}
    </Stack>
  );
}

/** Null approves, a reason rejects. What waits is asked for again whatever came of it: somebody may have been faster. */
function useDecision({ service, approval, onSaid }: RequestProps) {
  const { t } = useTranslation('requests');
  const bank = useBank();
  const queries = useQueryClient();
  const wordsFor = ({ status, failure }: Approval): string => {
    if (status === 'failed') return t('said.failed', { why: failure?.detail ?? '' });
    return t(status === 'done' || status === 'rejected' ? `said.${status}` : 'said.other');
  };
  return useMutation({
    mutationFn: (reason: string | null) =>
      reason === null ? approve(bank, service, approval.id) : reject(bank, service, approval.id, reason),
    onSuccess: (decided) => onSaid(wordsFor(decided)),
    onSettled: () =>
      Promise.all(['approvals', 'accounts', 'journals'].map((name) => queries.invalidateQueries({ queryKey: [name] }))),
  });
}

interface RejectFormProps {
  readonly isPending: boolean;
  readonly onReject: (reason: string) => void;
  readonly onCancel: () => void;
}

function RejectForm({ isPending, onReject, onCancel }: RejectFormProps) {
  const { t } = useTranslation('requests');
  const { t: shell } = useTranslation();
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { reason: '' },
    validate: { reason: (text) => (oneLine(text).length < REASON_LENGTH_MIN ? t('reasonShort') : null) },
  });
  return (
    <form onSubmit={form.onSubmit(({ reason }) => onReject(oneLine(reason)), focusFirst(form))} noValidate>
      <Stack gap="sm">
        <Textarea
          label={t('rejectWhy')}
          maxLength={REASON_LENGTH_MAX}
          rows={2}
          key={form.key('reason')}
          {...form.getInputProps('reason')}
        />
        <Group>
          <Button type="submit" color="red" loading={isPending}>
            {t('rejectSubmit')}
          </Button>
          <Button variant="default" onClick={onCancel} disabled={isPending}>
            {shell('cancel')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
