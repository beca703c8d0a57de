import { ApiProblem } from '@florin/sdk';
import { Alert, Stack, Text } from '@mantine/core';
import { CircleAlert } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { payment } from '../i18n/en/payment.ts';
import { useProblemText } from '../parts/problem-text.ts';
import type { Refusal } from './intent.ts';

/** Why the bank did not do it, that nothing was moved, and what can be done. Takes the focus: it is why one is back here. */
export function RefusalNotice({ refusal, title }: { readonly refusal: Refusal; readonly title: string }) {
  const { t } = useTranslation(['payment', 'shell']);
  const text = useProblemText();
  const ref = useRef<HTMLDivElement>(null);
  useEffect(() => ref.current?.focus(), []);
  const { code, traceId } = refusal;
  return (
    <Alert
      ref={ref}
      tabIndex={-1}
      color="red"
      variant="outline"
      icon={<CircleAlert aria-hidden />}
      title={title}
      role="alert"
      className="quiet-focus"
    >
      <Stack gap="xs">
        <Text size="sm">{text(new ApiProblem(refusal))}</Text>
        {isAdvised(code) && <Text size="sm">{t(`advice.${code}`)}</Text>}
        {traceId !== undefined && (
          <Text size="xs" c="dimmed">
            {t('shell:support', { code: traceId.slice(0, 12) })}
          </Text>
        )}
      </Stack>
    </Alert>
  );
}

function isAdvised(code: string): code is keyof typeof payment.advice {
  return Object.hasOwn(payment.advice, code);
}
