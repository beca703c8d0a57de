import './data-table.css';
import { Box, Table } from '@mantine/core';
import type { ReactNode } from 'react';

/** One column: its head, and what stands in it for a row; `null` where a row has nothing to say. */
export interface Column<Row> {
  readonly id: string;
  readonly head: string;
  readonly cell: (row: Row) => ReactNode;
  /** Figures stand under each other. */
  readonly align?: 'right';
  /** Names the row: read out before each of its other cells. */
  readonly isName?: boolean;
}

interface DataTableProps<Row> {
  /** What the table shows; names it for who does not see it. */
  readonly label: string;
  readonly columns: readonly Column<Row>[];
  readonly rows: readonly Row[];
  readonly keyOf: (row: Row) => string;
  /** Whether all columns are equally wide, so that tables under each other line up. */
  readonly isEven?: boolean;
  /** A last row below the others, such as a sum; one content per column. */
  readonly foot?: readonly ReactNode[];
}

/**
 * Rows under heads, or, where that would be too narrow, each row as a list of named values. The roles are said once more
 * because a style that changes what is drawn makes some browsers forget that it is a table. The frame can be focused, so
 * that a wide table scrolls with the arrow keys.
 */
export function DataTable<Row>({ label, columns, rows, keyOf, isEven = false, foot }: DataTableProps<Row>) {
  return (
    <div className="table-frame">
      <Box component="section" className="table-scroll" aria-label={label} tabIndex={0}>
        <Table
          role="table"
          className="data-table"
          aria-label={label}
          verticalSpacing="sm"
          layout={isEven ? 'fixed' : 'auto'}
        >
          <Table.Thead role="rowgroup">
            <Table.Tr role="row">
              {columns.map(({ id, head, align }) => (
                <Table.Th key={id} role="columnheader" scope="col" data-align={align}>
                  {head}
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody role="rowgroup">
            {rows.map((row) => (
              <Table.Tr key={keyOf(row)} role="row">
                {columns.map((column) => (
                  <Cell key={column.id} column={column} content={column.cell(row)} />
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
          {foot !== undefined && (
            <Table.Tfoot role="rowgroup">
              <Table.Tr role="row">
                {columns.map((column, index) => (
                  <Cell key={column.id} column={column} content={foot[index] ?? null} />
                ))}
              </Table.Tr>
            </Table.Tfoot>
          )}
        </Table>
      </Box>
    </div>
  );
}

function Cell<Row>({ column, content }: { readonly column: Column<Row>; readonly content: ReactNode }) {
  const { head, align, isName = false } = column;
  const attributes = {
    'data-align': align,
    'data-label': head,
    'data-empty': content === null ? true : undefined,
  };
  const value = <div className="cell-value">{content}</div>;
  return isName ? (
    <Table.Th role="rowheader" scope="row" {...attributes}>
      {value}
    </Table.Th>
  ) : (
    <Table.Td role="cell" {...attributes}>
      {value}
    </Table.Td>
  );
}
