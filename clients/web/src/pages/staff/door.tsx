import { Text } from '@mantine/core';
import { useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { CircleAlert, CircleCheck } from 'lucide-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { deadLettersQuery, latestReconciliationQuery, serviceHealthQuery } from '../../api/staff-queries.ts';
import { formatMoment } from '../../format/dates.ts';
import { useLocale } from '../../i18n/use-locale.ts';
import { isMissing } from '../../parts/is-missing.ts';
import { useBank } from '../../session/use-bank.ts';
import type { Destination } from '../../shell/navigation.ts';
import { useServiceName } from './service-name.ts';

const TEXTS = {
  staffCustomers: 'customers',
  staffCash: 'cash',
  staffJournals: 'journals',
  staffLedger: 'ledger',
  staffDeadLetters: 'deadLetters',
  staffHealth: 'health',
} as const;

/** A way in, with what it is for, and how things stand behind it where that is a question. */
export function Door({ destination }: { readonly destination: Destination }) {
  const { t } = useTranslation();
  const { t: staff } = useTranslation('staff');
  const { to, label, icon: Icon } = destination;
  const text = isDoor(label) ? staff(`doorText.${TEXTS[label]}`) : undefined;
  return (
    <Link to={to} className="card account-card staff-door">
      <Icon size={24} aria-hidden className="staff-door-icon" />
      <div>
        <Text fw={600}>{t(label)}</Text>
        <Text size="sm" c="dimmed">
          {text}
        </Text>
        <DoorState label={label} />
      </div>
    </Link>
  );
}

function isDoor(label: Destination['label']): label is keyof typeof TEXTS {
  return Object.hasOwn(TEXTS, label);
}

function DoorState({ label }: { readonly label: Destination['label'] }): ReactNode {
  switch (label) {
    case 'staffLedger':
      return <LedgerState />;
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

function DeadLetterState() {
  const { t } = useTranslation('staff');
  const { data, error, hasNextPage } = useInfiniteQuery(deadLettersQuery(useBank()));
  if (data === undefined) return error === null ? null : <Sign isGood={false}>{t(UNKNOWN)}</Sign>;
  const count = data.pages.reduce((sum, page) => sum + page.data.length, 0);
  if (count === 0) return <Sign isGood>{t('doorState.nothingStuck')}</Sign>;
  return <Sign isGood={false}>{t(hasNextPage ? 'doorState.stuckMore' : 'doorState.stuck', { count })}</Sign>;
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
