import { ApiProblem, type JournalDetail } from '@florin/sdk';
import { Alert, Button, Group, Stack, Text, Textarea } from '@mantine/core';
import { useForm } from '@mantine/form';
import { CircleAlert } from 'lucide-react';
import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { reverseJournal } from '../../api/staff-commands.ts';
import { formatMoney } from '../../format/money.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { Fact, Facts } from '../../parts/facts.tsx';
import { focusFirst } from '../../parts/focus-first.ts';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { useBank, useHasRole } from '../../session/use-bank.ts';
import { oneLine, REASON_LENGTH_MAX, REASON_LENGTH_MIN } from './one-line.ts';
import { SideName } from './side-name.tsx';
import { useKeyedRequest } from './use-keyed-request.ts';

interface TakeBackFormProps {
  readonly journal: JournalDetail;
  readonly onBusy: (isBusy: boolean) => void;
  readonly onClose: () => void;
  /** What is on the page is not what the bank has. */
  readonly onStale: () => void;
  readonly onDone: (done: TakenBackBy) => void;
}

/** What came of it: the entry that took it back, or a question that waits for a second person. */
export type TakenBackBy = { readonly reversalId: string } | 'asked';

/** Asks why, says what will happen, and does it once: a teller asks for it, a supervisor forces what was refused. */
export function TakeBackForm({ journal, onBusy, onClose, onStale, onDone }: TakeBackFormProps) {
  const { t } = useTranslation('journals');
  const { t: shell } = useTranslation();
  const locale = useLocale();
  const force = useHasRole('supervisor');
  const { form, request } = useTakeBack(journal, force, onDone);
  const { isPending, isUnsure } = request;
  useEffect(() => onBusy(isPending), [isPending, onBusy]);
  const isLocked = isPending || isUnsure;
  return (
    <form onSubmit={form.onSubmit(({ reason }) => request.mutate(oneLine(reason)), focusFirst(form))} noValidate>
      <Stack>
        <Text size="sm">{t('takeBackText')}</Text>
        <Text size="sm">{t(force ? 'forceText' : 'askText')}</Text>
        <Facts>
          <Fact label={t('takeBackFrom')}>
            <SideName side={journal.credit} />
          </Fact>
          <Fact label={t('takeBackTo')}>
            <SideName side={journal.debit} />
          </Fact>
        </Facts>
        <Outcome error={request.error} isUnsure={isUnsure} onStale={onStale} />
        <Textarea
          label={t('reasonLabel')}
          description={t('reasonHint')}
          maxLength={REASON_LENGTH_MAX}
          rows={2}
          readOnly={isLocked}
          data-autofocus
          key={form.key('reason')}
          {...form.getInputProps('reason')}
        />
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose} disabled={isPending}>
            {shell('cancel')}
          </Button>
          <Button type="submit" color="red" loading={isPending}>
            {isUnsure
              ? t('askAgain')
              : t(force ? 'forceSubmit' : 'askSubmit', { amount: formatMoney(journal.amount, locale) })}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function useTakeBack(journal: JournalDetail, force: boolean, onDone: TakeBackFormProps['onDone']) {
  const { t } = useTranslation('journals');
  const bank = useBank();
  const form = useForm({
    mode: 'uncontrolled',
    initialValues: { reason: '' },
    validate: { reason: (text) => (oneLine(text).length < REASON_LENGTH_MIN ? t('reasonShort') : null) },
  });
  const request = useKeyedRequest({
    send: (reason: string, key) => reverseJournal(bank, { journalId: journal.id, reason, force }, key),
    onSuccess: (answer) => onDone('maker' in answer ? 'asked' : { reversalId: answer.id }),
  });
  return { form, request };
}

/** What came of the last try, and what can be done about it. */
function Outcome({
  error,
  isUnsure,
  onStale,
}: {
  readonly error: Error | null;
  readonly isUnsure: boolean;
  readonly onStale: () => void;
}) {
  const { t } = useTranslation('journals');
  const words = useRefusalWords();
  if (error === null) return null;
  if (isUnsure) {
    return (
      <>
        <Alert color="yellow" variant="outline" role="status">
          <Text size="sm">{t('unsure')}</Text>
        </Alert>
        <ProblemNotice error={error} />
      </>
    );
  }
  const code = error instanceof ApiProblem ? error.code : '';
  const text = words(code);
  if (text === undefined) return <ProblemNotice error={error} title={t('refused')} />;
  return (
    <Alert color="red" variant="outline" role="alert" icon={<CircleAlert aria-hidden />} title={t('refused')}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{text}</Text>
        {code === 'already-reversed' && (
          <Button size="sm" variant="default" onClick={onStale}>
            {t('lookAtIt')}
          </Button>
        )}
      </Stack>
    </Alert>
  );
}

/** The refusals that need more than a sentence; undefined for the others. */
function useRefusalWords(): (code: string) => string | undefined {
  const { t } = useTranslation('journals');
  return (code) => {
    switch (code) {
      case 'second-person-required':
        return t('secondPerson');
      case 'already-reversed':
        return t('alreadyReversed');
      default:
        return undefined;
    }
  };
}
