import type { ComponentChildren } from 'preact'
import { formatCount, sizeBar } from '../format/count.ts'
import { Icon } from '../Icon.tsx'
import { Printable } from '../Printable.tsx'
import { COLUMN_IDS, type Column, type ColumnId } from './columns.ts'
import type { Row } from './row.ts'

const WIDE_ICONS: Readonly<Record<string, string>> = {
  reconnect: 'sync',
  gap: 'warning',
  error: 'error',
  close: 'circle-slash',
  mark: 'bookmark',
}

interface EventRowProps {
  readonly row: Row
  /** Counted from 1, the header row included. */
  readonly rowIndex: number
  /** As the time column shows it. */
  readonly time: string
  /** Undefined until it has arrived. */
  readonly preview: string | undefined
  readonly columns: readonly Column[]
  readonly isSelected: boolean
  /** The one selected last, which keys move from and the details show. */
  readonly isCurrent: boolean
}

/** One row of the list. */
export function EventRow({ row, rowIndex, time, preview, columns, isSelected, isCurrent }: EventRowProps) {
  const beginning = columns.filter(({ id }) => id === 'number' || id === 'time')
  return (
    <div
      role="row"
      id={`event-${row.index}`}
      class={`row tone-${row.tone}${row.wide ? ' wide' : ''}${isSelected ? ' selected' : ''}${isCurrent ? ' current' : ''}`}
      aria-rowindex={rowIndex}
      aria-selected={isSelected}
      data-event={row.index}
    >
      {(row.wide ? beginning : columns).map(({ id }) => (
        <span
          key={id}
          role="gridcell"
          aria-colindex={COLUMN_IDS.indexOf(id) + 1}
          class={`cell column-${id}`}
          aria-label={id === 'direction' ? row.direction : undefined}
        >
          {CONTENTS[id]({ row, time, preview })}
        </span>
      ))}
      {row.wide && <WideCell row={row} preview={preview} from={beginning.length + 1} />}
    </div>
  )
}

interface Content {
  readonly row: Row
  readonly time: string
  readonly preview: string | undefined
}

const CONTENTS: Readonly<Record<ColumnId, (content: Content) => ComponentChildren>> = {
  number: ({ row }) => formatCount(row.index + 1),
  time: ({ time }) => time,
  delta: ({ row }) => row.delta,
  direction: ({ row }) => row.arrow,
  type: ({ row }) => <Printable text={row.type} />,
  size: ({ row }) => <Size row={row} />,
  preview: ({ preview = '' }) => <Printable text={preview} />,
}

function Size({ row }: { row: Row }) {
  return (
    <>
      <span class="size-track">
        <span class="size-bar" style={{ width: `${Math.round(sizeBar(row.bytes ?? 0) * 100)}%` }} />
      </span>
      {row.size}
    </>
  )
}

/** A break in a connection, across the columns from `from` on, counted from 1. */
function WideCell({ row, preview, from }: { row: Row; preview: string | undefined; from: number }) {
  const said = preview === undefined || preview === '' ? row.type : preview
  return (
    <span
      role="gridcell"
      aria-colindex={3}
      aria-colspan={5}
      class="cell wide-cell"
      style={{ gridColumn: `${from} / -1` }}
    >
      <Icon name={WIDE_ICONS[row.kind.type] ?? 'info'} />
      <span class="clip">
        <Printable text={row.connection === '' ? said : `${row.connection} · ${said}`} />
      </span>
    </span>
  )
}
