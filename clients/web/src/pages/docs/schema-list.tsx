import { Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { SchemaNode } from './schema-tree.ts';
import { useLimitText } from './use-limit-text.ts';

/** A schema as a list of names with their types; what is inside of one stands indented below it. */
export function SchemaList({ root }: { readonly root: SchemaNode }) {
  return (
    <div className="schema">
      {root.children.length > 0 && root.description !== '' && (
        <Text size="sm" c="dimmed">
          {root.description}
        </Text>
      )}
      {root.children.length === 0 ? <Line node={root} /> : <Children nodes={root.children} />}
    </div>
  );
}

function Children({ nodes }: { readonly nodes: readonly SchemaNode[] }) {
  return (
    <ul className="schema-list">
      {nodes.map((node) => (
        <li key={node.name}>
          <Line node={node} />
          {node.children.length > 0 && <Children nodes={node.children} />}
        </li>
      ))}
    </ul>
  );
}

function Line({ node: { name, type, isRequired, description, limits } }: { readonly node: SchemaNode }) {
  const { t } = useTranslation('docs');
  const limitText = useLimitText();
  const about = [description, ...limits.map(limitText)].filter((text) => text !== '').join(' · ');
  return (
    <div>
      {name !== '' && <code className="schema-name">{name}</code>} <span className="schema-type">{type}</span>{' '}
      {name !== '' && !isRequired && (
        <Text component="span" size="xs" c="dimmed">
          {t('optional')}
        </Text>
      )}
      {about !== '' && (
        <Text size="sm" c="dimmed">
          {about}
        </Text>
      )}
    </div>
  );
}
