import { answerOf, type WantedConsent } from '@florin/sdk';
import { Button, List, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { formatIban, formatMoney } from '../../format/money.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { Fact, Facts } from '../../parts/facts.tsx';
import { ProblemNotice } from '../../parts/problem-notice.tsx';
import { useBank } from '../../session/use-bank.ts';
import { useInteraction } from '../sign-in/interaction.ts';
import { InteractionOver } from '../sign-in/interaction-over.tsx';
import { SignInFrame } from '../sign-in/sign-in-frame.tsx';
import { SCOPE_TEXTS } from './scope-texts.ts';

/** Asks a customer what a program that is not the bank's may do: all of it is on the page, and all of it is what happens. */
export function ConsentPage() {
  const { uid } = useParams({ from: '/consent/$uid' });
  const interaction = useInteraction(useBank(), uid);
  if (interaction.isError) return <InteractionOver />;
  if (interaction.data === undefined) return null;
  const { consent, client } = interaction.data;
  return consent === null ? <InteractionOver /> : <Question uid={uid} client={client.name} wanted={consent} />;
}

interface QuestionProps {
  readonly uid: string;
  readonly client: string;
  readonly wanted: WantedConsent;
}

function Question({ uid, client, wanted }: QuestionProps) {
  const { t } = useTranslation('consents');
  const locale = useLocale();
  const { payment } = wanted;
  const title =
    payment === null ? t('askTitle', { client }) : t('payTitle', { amount: formatMoney(payment.amount, locale) });
  return (
    <SignInFrame title={title} lead={payment === null ? t('askLead') : t('payLead', { client })}>
      {payment && <Payment payment={payment} />}
      <div>
        <Text fw={600}>{t('may')}</Text>
        <List>
          {wanted.scopes.map((scope) => (
            <List.Item key={scope}>{t(SCOPE_TEXTS[scope])}</List.Item>
          ))}
        </List>
        <Text size="sm" c="dimmed" mt="xs">
          {t('until')}
        </Text>
      </div>
      <Answers uid={uid} allow={t(payment === null ? 'allow' : 'allowPayment')} />
    </SignInFrame>
  );
}

function Payment({ payment }: { readonly payment: NonNullable<WantedConsent['payment']> }) {
  const { t } = useTranslation('consents');
  const locale = useLocale();
  return (
    <Facts>
      <Fact label={t('amount')}>{formatMoney(payment.amount, locale)}</Fact>
      <Fact label={t('payee')}>{formatIban(payment.toIban)}</Fact>
      {payment.creditorName !== undefined && <Fact label={t('payeeSaid')}>{payment.creditorName}</Fact>}
      <Fact label={t('from')}>{t(payment.fromAccountId === undefined ? 'fromAny' : 'fromNamed')}</Fact>
    </Facts>
  );
}

function Answers({ uid, allow }: { readonly uid: string; readonly allow: string }) {
  const { t } = useTranslation('consents');
  const { api } = useBank();
  const answer = useMutation({
    mutationFn: (isAllowed: boolean) => {
      const params = { path: { uid } };
      return answerOf(
        isAllowed
          ? api.POST('/interaction/{uid}/consent', { params })
          : api.POST('/interaction/{uid}/cancel', { params }),
      );
    },
    onSuccess: ({ location }) => window.location.assign(location),
  });
  const isUnderWay = answer.isPending || answer.isSuccess;
  return (
    <Stack gap="sm">
      {answer.isError && <ProblemNotice error={answer.error} />}
      <Button loading={isUnderWay && answer.variables} disabled={isUnderWay} onClick={() => answer.mutate(true)}>
        {allow}
      </Button>
      <Button
        variant="default"
        loading={isUnderWay && !answer.variables}
        disabled={isUnderWay}
        onClick={() => answer.mutate(false)}
      >
        {t('refuse')}
      </Button>
    </Stack>
  );
}
