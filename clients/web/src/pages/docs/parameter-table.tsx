import { Code, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { docs } from '../../i18n/en/docs.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import type { Parameter } from './openapi.ts';
import { schemaTree } from './schema-tree.ts';
import { useLimitText } from './use-limit-text.ts';

/** What goes into the path, behind the question mark and into the headers. */
export function ParameterTable({ parameters }: { readonly parameters: readonly Parameter[] }) {
  const { t } = useTranslation('docs');
  const columns = useColumns();
  return (
    <DataTable
      label={t('parameters')}
      columns={columns}
      rows={parameters}
      keyOf={({ in: place, name }) => `${place} ${name}`}
    />
  );
}

function useColumns(): readonly Column<Parameter>[] {
  const { t } = useTranslation('docs');
  const limitText = useLimitText();
  return [
    {
      id: 'name',
      head: t('parameterName'),
      isName: true,
      cell: ({ name }) => <Code className="parameter-name">{name}</Code>,
    },
    {
      id: 'place',
      head: t('parameterPlace'),
      cell: ({ in: place, required }) => (
        <Text size="sm">
          {isKnownPlace(place) ? t(`place.${place}`) : place}, {t(required === true ? 'required' : 'optional')}
        </Text>
      ),
    },
    {
      id: 'type',
      head: t('parameterType'),
      cell: ({ schema = {} }) => {
        const { type, limits } = schemaTree(schema);
        return (
          <>
            <span className="schema-type">{type}</span>
            <Text size="xs" c="dimmed">
              {limits.map(limitText).join(', ')}
            </Text>
          </>
        );
      },
    },
    {
      id: 'about',
      head: t('parameterAbout'),
      cell: ({ description }) => (description === undefined ? null : <Text size="sm">{description}</Text>),
    },
  ];
}

function isKnownPlace(place: string): place is keyof typeof docs.place {
  return Object.hasOwn(docs.place, place);
}
