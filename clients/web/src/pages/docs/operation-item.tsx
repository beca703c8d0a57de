import { Title } from '@mantine/core';
import { ChevronRight } from 'lucide-react';
import { MethodMark } from './method-mark.tsx';
import type { Operation } from './openapi.ts';
import { OperationDetails } from './operation-details.tsx';

interface OperationItemProps {
  readonly operation: Operation;
  readonly baseUrl: string;
  readonly isOpen: boolean;
  readonly onToggle: () => void;
}

/** One operation in a line; its details are made when it is opened. */
export function OperationItem({ operation, baseUrl, isOpen, onToggle }: OperationItemProps) {
  const { id, method, path, summary } = operation;
  return (
    <article id={id} className="operation docs-anchor" aria-labelledby={`${id}-title`}>
      <Title order={3} size="h6" id={`${id}-title`}>
        <button
          type="button"
          className="operation-button"
          aria-expanded={isOpen}
          aria-controls={`${id}-details`}
          onClick={onToggle}
        >
          <ChevronRight size={18} aria-hidden className="operation-chevron" />
          <MethodMark method={method} />
          <code className="operation-path">{path}</code>
          <span className="operation-summary">{summary}</span>
        </button>
      </Title>
      <div id={`${id}-details`} hidden={!isOpen}>
        {isOpen && <OperationDetails operation={operation} baseUrl={baseUrl} />}
      </div>
    </article>
  );
}
