import { Button, Paper, Stack, Title } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Nothing } from '../../parts/data-region.tsx';
import { DocsIntro } from './docs-intro.tsx';
import { DocsNav } from './docs-nav.tsx';
import { byTag, findOperations, type OpenApi, type Operation } from './openapi.ts';
import { OperationItem } from './operation-item.tsx';
import { useOpenOperations } from './use-open-operations.ts';
import { useTagName } from './use-tag-name.ts';

interface OperationListProps {
  readonly document: OpenApi;
  readonly operations: readonly Operation[];
}

/** The contents beside what they lead to. What is searched for is in the address. */
export function OperationList({ document, operations }: OperationListProps) {
  const { q } = useSearch({ from: '/docs' });
  const navigate = useNavigate();
  const { isOpen, toggle, reveal } = useOpenOperations(operations);
  const found = findOperations(operations, q ?? '');
  const groups = byTag(found);
  const baseUrl = document.servers?.[0]?.url ?? window.location.origin;
  const search = (text: string | undefined) =>
    void navigate({ to: '/docs', search: text === undefined ? {} : { q: text }, replace: true, resetScroll: false });
  return (
    <div className="docs-columns">
      <DocsNav groups={groups} q={q} count={found.length} onSearch={search} onGo={reveal} />
      <Stack gap="xl" className="docs-content">
        {q === undefined && <DocsIntro baseUrl={baseUrl} />}
        {groups.map(({ tag, operations: members }) => (
          <TagSection key={tag} tag={tag}>
            {members.map((operation) => (
              <OperationItem
                key={operation.id}
                operation={operation}
                baseUrl={baseUrl}
                isOpen={isOpen(operation.id)}
                onToggle={() => toggle(operation.id)}
              />
            ))}
          </TagSection>
        ))}
        {groups.length === 0 && <NothingFound onClear={() => search(undefined)} />}
      </Stack>
    </div>
  );
}

function TagSection({ tag, children }: { readonly tag: string; readonly children: React.ReactNode }) {
  const name = useTagName()(tag);
  return (
    <section aria-labelledby={`tag-${tag}`}>
      <Title order={2} size="h3" mb="sm" id={`tag-${tag}`} className="docs-anchor">
        {name}
      </Title>
      <Paper className="card operations">{children}</Paper>
    </section>
  );
}

function NothingFound({ onClear }: { readonly onClear: () => void }) {
  const { t } = useTranslation('docs');
  return (
    <Paper className="card">
      <Nothing
        state="filtered"
        title={t('nothingFound')}
        text={t('nothingFoundText')}
        action={
          <Button variant="default" onClick={onClear}>
            {t('clear')}
          </Button>
        }
      />
    </Paper>
  );
}
