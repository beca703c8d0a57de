import { Text } from '@mantine/core';
import { useQueries, useQuery } from '@tanstack/react-query';
import { CircleAlert, CircleCheck } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { inDoubtQuery, openActionsQuery, type Some, stuckSagasQuery } from '../../api/saga-queries.ts';
import { LETTER_SERVICES, SAGA_SERVICES } from '../../api/saga-services.ts';
import { firstDeadLettersQuery, latestReconciliationQuery, serviceHealthQuery } from '../../api/staff-queries.ts';
import { formatMoment } from '../../format/dates.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { isMissing } from '../../parts/is-missing.ts';
import { useBank } from '../../session/use-bank.ts';
import type { Destination } from '../../shell/navigation.ts';
import { useServiceName } from './service-name.ts';

/** How things stand behind a door, where that is a question. */
export function DoorState({ label }: { readonly label: Destination['label'] }): ReactNode {
  switch (label) {
    case 'staffLedger':
      return <LedgerState />;
    case 'staffSagas':
      return <SagaState />;
    case 'staffApprovals':
      return <ApprovalState />;
    case 'staffInDoubt':
      return <InDoubtState />;
    case 'staffDeadLetters':
      return <DeadLetterState />;
    case 'staffHealth':
      return <HealthState />;
    default:
      return null;
  }
}

function LedgerState() {
  const { t } = useTranslation('staff');
  const locale = useLocale();
  const { data, error } = useQuery(latestReconciliationQuery(useBank()));
  if (data === undefined) {
    return error === null ? null : (
      <Sign isGood={false}>{t(isMissing(error) ? 'doorState.neverProven' : UNKNOWN)}</Sign>
    );
  }
  if (!data.balanced) return <Sign isGood={false}>{t('doorState.unbalanced')}</Sign>;
  return <Sign isGood>{t('doorState.balanced', { time: formatMoment(data.startedAt, locale) })}</Sign>;
}

function SagaState() {
  const { t } = useTranslation('staff');
  const bank = useBank();
  const queries = useQueries({ queries: SAGA_SERVICES.map((service) => stuckSagasQuery(bank, service)) });
  return (
    <CountState
      queries={queries}
      none={t('doorState.nobodyNeeded')}
      some={(count) => t('doorState.needSomebody', { count })}
    />
  );
}

function ApprovalState() {
  const { t } = useTranslation('staff');
  const bank = useBank();
  const queries = useQueries({ queries: SAGA_SERVICES.map((service) => openActionsQuery(bank, service)) });
  return (
    <CountState queries={queries} none={t('doorState.nothingWaits')} some={(count) => t('doorState.wait', { count })} />
  );
}

function DeadLetterState() {
  const { t } = useTranslation('staff');
  const bank = useBank();
  const queries = useQueries({ queries: LETTER_SERVICES.map((service) => firstDeadLettersQuery(bank, service)) });
  const isWhole = queries.every(({ data }) => data?.isWhole !== false);
  return (
    <CountState
      queries={queries}
      none={t('doorState.nothingStuck')}
      some={(count) => t(isWhole ? 'doorState.stuck' : 'doorState.stuckMore', { count })}
    />
  );
}

interface CountStateProps {
  readonly queries: readonly { readonly data: Some<unknown> | undefined; readonly isPending: boolean }[];
  readonly none: string;
  readonly some: (count: number) => string;
}

/** How much of something several services have together; not known while one of them has not answered. */
function CountState({ queries, none, some }: CountStateProps) {
  const { t } = useTranslation('staff');
  if (queries.some(({ isPending }) => isPending)) return null;
  const count = queries.reduce((sum, { data }) => sum + (data?.items.length ?? 0), 0);
  if (count > 0) return <Sign isGood={false}>{some(count)}</Sign>;
  if (queries.some(({ data }) => data === undefined)) return <Sign isGood={false}>{t(UNKNOWN)}</Sign>;
  return <Sign isGood>{none}</Sign>;
}

/** For less than this it is in doubt as a rule. */
const LONG_MS = 60_000;

function InDoubtState() {
  const { t } = useTranslation('staff');
  const { data, error } = useQuery(inDoubtQuery(useBank()));
  if (data === undefined) return error === null ? null : <Sign isGood={false}>{t(UNKNOWN)}</Sign>;
  const count = data.filter(({ ageMs }) => ageMs >= LONG_MS).length;
  if (count > 0) return <Sign isGood={false}>{t('doorState.inDoubt', { count })}</Sign>;
  return <Sign isGood>{t('doorState.nothingInDoubt')}</Sign>;
}

function HealthState() {
  const { t } = useTranslation('staff');
  const name = useServiceName();
  const { data, error } = useQuery(serviceHealthQuery(useBank()));
  if (data === undefined) return error === null ? null : <Sign isGood={false}>{t(UNKNOWN)}</Sign>;
  const away = data.data.filter(({ ready }) => !ready).map(({ service }) => name(service));
  if (away.length === 0) return <Sign isGood>{t('doorState.allReady')}</Sign>;
  return <Sign isGood={false}>{t('doorState.notReady', { names: away.join(', ') })}</Sign>;
}

const UNKNOWN = 'doorState.unknown';

/** How things stand, by a sign and in words. */
function Sign({ isGood, children }: { readonly isGood: boolean; readonly children: ReactNode }) {
  const Icon = isGood ? CircleCheck : CircleAlert;
  return (
    <Text size="sm" mt={6} className={isGood ? 'sign-good' : 'sign-bad'}>
      <Icon size={16} aria-hidden /> {children}
    </Text>
  );
}
