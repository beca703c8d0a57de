import { expect, it } from 'vitest';
import { keepingParts, withPart } from './page-parts.ts';

it('writes a part in its place and leaves the others as they are', () => {
  const first = withPart('# Benchmarks\n\nrows\n', '## One\n\nold\n');
  expect(first).toBe('# Benchmarks\n\nrows\n\n## One\n\nold\n');
  const both = withPart(first, '## Two\n\nother\n');
  expect(both).toBe('# Benchmarks\n\nrows\n\n## One\n\nold\n\n## Two\n\nother\n');
  expect(withPart(both, '## One\n\nnew\n')).toBe('# Benchmarks\n\nrows\n\n## One\n\nnew\n\n## Two\n\nother\n');
});

it('keeps the parts when the page above them is written anew', () => {
  const page = '# Benchmarks\n\nrows\n\n## One\n\n1\n\n## Two\n\n2\n';
  expect(keepingParts('# Benchmarks\n\nother rows\n', page)).toBe(page.replace('rows', 'other rows'));
  expect(keepingParts('# Benchmarks\n', '# Benchmarks\n\nrows\n')).toBe('# Benchmarks\n');
});
