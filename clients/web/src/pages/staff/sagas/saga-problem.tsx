import { ApiProblem } from '@florin/sdk';
import { Alert, Text } from '@mantine/core';
import { CircleAlert } from 'lucide-react';
import { useTranslation } from 'react-i18next';
import { sagas } from '../../../i18n/en/sagas.ts';
import { ProblemNotice } from '../../../parts/problem-notice.tsx';
import { isOutcomeOpen } from '../use-keyed-request.ts';

/** Why nothing came of what was asked for or decided, or that it is not known. `unsure` says what to do then. */
export function SagaProblem({ error, unsure }: { readonly error: Error | null; readonly unsure: string }) {
  const { t } = useTranslation('sagas');
  if (error === null) return null;
  if (isOutcomeOpen(error)) {
    return (
      <Alert color="yellow" variant="outline" role="alert">
        <Text size="sm">{unsure}</Text>
      </Alert>
    );
  }
  if (!(error instanceof ApiProblem) || !isKnown(error.code))
    return <ProblemNotice error={error} title={t('refused')} />;
  return (
    <Alert color="red" variant="outline" role="alert" icon={<CircleAlert aria-hidden />} title={t('refused')}>
      <Text size="sm">{t(`problem.${error.code}`)}</Text>
    </Alert>
  );
}

function isKnown(code: string): code is keyof typeof sagas.problem {
  return Object.hasOwn(sagas.problem, code);
}
