import { VisuallyHidden } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { ProblemNotice } from '../../../parts/problem-notice.tsx';
import { useSagaWords } from './saga-words.ts';
import type { Together } from './together.ts';

/** What there is to say about the services besides what they told: that they are being asked, or could not be. */
export function EachService<Item>({
  asked,
  skeleton,
}: {
  readonly asked: Together<Item>;
  readonly skeleton: ReactNode;
}) {
  const { t } = useTranslation('sagas');
  const { t: shell } = useTranslation();
  const words = useSagaWords();
  return (
    <>
      {asked.failed.map(({ service, error }) => (
        <ProblemNotice
          key={service}
          error={error}
          title={t('notAsked', { service: words.service(service) })}
          onRetry={asked.refetch}
        />
      ))}
      {asked.isPending && (
        <div aria-busy="true" data-state="loading">
          <VisuallyHidden role="status">{shell('loading')}</VisuallyHidden>
          {skeleton}
        </div>
      )}
    </>
  );
}
