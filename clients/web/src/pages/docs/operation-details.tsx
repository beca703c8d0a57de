import { Code, Group, Stack, Text, Title } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { staff } from '../../i18n/en/staff.ts';
import { CodeLine } from './code-line.tsx';
import { curlLine } from './curl-line.ts';
import type { GoodAnswer, Operation } from './openapi.ts';
import { ParameterTable } from './parameter-table.tsx';
import { SchemaList } from './schema-list.tsx';
import { schemaTree } from './schema-tree.ts';

interface OperationDetailsProps {
  readonly operation: Operation;
  readonly baseUrl: string;
}

/** Everything about one operation: who may, what goes in, what comes back, and a line to try it with. */
export function OperationDetails({ operation, baseUrl }: OperationDetailsProps) {
  const { t } = useTranslation('docs');
  const { id, parameters, body, answers, problemCodes } = operation;
  return (
    <Stack gap="lg" className="operation-details">
      <Part title={t('whoMay')}>
        <WhoMay operation={operation} />
      </Part>
      {parameters.length > 0 && (
        <Part title={t('parameters')}>
          <ParameterTable parameters={parameters} />
        </Part>
      )}
      {body !== undefined && (
        <Part title={t('body')}>
          <SchemaList root={schemaTree(body)} />
        </Part>
      )}
      {answers.map((answer) => (
        <Part key={answer.status} title={t('answer', { status: answer.status })}>
          <Answer answer={answer} />
        </Part>
      ))}
      <Part title={t('problems')}>
        <Group gap={6} component="ul" className="plain-list">
          {problemCodes.map((code) => (
            <li key={code}>
              <Code>{code}</Code>
            </li>
          ))}
        </Group>
      </Part>
      <Part title={t('example')}>
        <CodeLine code={curlLine(operation, baseUrl)} />
      </Part>
      <Link to="/docs" hash={id} hashScrollIntoView={false} resetScroll={false} className="docs-link">
        {t('linkTo')}
      </Link>
    </Stack>
  );
}

function Part({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  return (
    <div>
      <Title order={4} size="sm" mb={6}>
        {title}
      </Title>
      {children}
    </div>
  );
}

function Answer({ answer: { mediaTypes, schema } }: { readonly answer: GoodAnswer }) {
  const { t } = useTranslation('docs');
  if (mediaTypes.length === 0) return <Text size="sm">{t('noContent')}</Text>;
  return (
    <>
      <Text size="sm" c="dimmed" mb={6}>
        {mediaTypes.join(', ')}
      </Text>
      {schema !== undefined && <SchemaList root={schemaTree(schema)} />}
    </>
  );
}

function WhoMay({ operation: { isPublic, roles } }: { readonly operation: Operation }) {
  const { t } = useTranslation('docs');
  const { t: words } = useTranslation('staff');
  const isEveryone = Object.keys(staff.role).every((role) => roles.includes(role));
  const text = isPublic
    ? t('anyone')
    : isEveryone
      ? t('everyRole')
      : roles.map((role) => (isKnownRole(role) ? words(`role.${role}`) : role)).join(', ');
  return <Text size="sm">{text}</Text>;
}

function isKnownRole(role: string): role is keyof typeof staff.role {
  return Object.hasOwn(staff.role, role);
}
