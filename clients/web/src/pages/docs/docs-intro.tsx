import { Stack, Text, Title } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { Card } from '../../parts/card.tsx';
import { CodeLine } from './code-line.tsx';

/** What holds for every operation. */
export function DocsIntro({ baseUrl }: { readonly baseUrl: string }) {
  const { t } = useTranslation('docs');
  return (
    <Card title={t('begin')}>
      <div className="docs-intro">
        {TOPICS.map(({ topic, samples }) => (
          <Stack key={topic} gap="xs">
            <Title order={3} size="h5">
              {t(`intro.${topic}.title`)}
            </Title>
            <Text size="sm">{t(`intro.${topic}.text`)}</Text>
            {samples(baseUrl).map((sample) => (
              <CodeLine key={sample} code={sample} />
            ))}
          </Stack>
        ))}
      </div>
    </Card>
  );
}

const TOPICS = [
  { topic: 'address', samples: (baseUrl: string) => [baseUrl] },
  {
    topic: 'signIn',
    samples: (baseUrl: string) => [
      `${baseUrl}/.well-known/openid-configuration`,
      'TOKEN=$(npm run -s token -- alice)',
      'authorization: Bearer $TOKEN',
    ],
  },
  { topic: 'money', samples: () => ['{"amount":"125.50","currency":"EUR"}'] },
  { topic: 'idempotency', samples: () => ['KEY=$(uuidgen)', 'idempotency-key: $KEY'] },
  {
    topic: 'errors',
    samples: () => [
      '{"type":"…","title":"Not enough money","status":422,"code":"insufficient-funds","detail":"…","traceId":"…"}',
    ],
  },
  { topic: 'paging', samples: () => ['?limit=50&cursor=…', '{"data":[…],"nextCursor":null}'] },
  { topic: 'time', samples: () => ['YYYY-MM-DDThh:mm:ss.sssZ', 'YYYY-MM-DD'] },
] as const;
