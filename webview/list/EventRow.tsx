import type { EventSummary } from '../state/events/event-summary.ts'
import { COLUMN_IDS, COLUMNS, type Column, type RowContent } from '../state/list-columns.ts'
import { Icon } from '../ui/Icon.tsx'
import { Printable } from '../ui/Printable.tsx'

interface EventRowProps extends RowContent {
  /** Counted from 1, the header row included. */
  readonly rowIndex: number
  readonly columns: readonly Column[]
  readonly isSelected: boolean
  /** The row that was selected last: keys move from it, and the details show it. */
  readonly isCurrent: boolean
}

/** One row of the list. */
export function EventRow({ row, rowIndex, time, preview, columns, isSelected, isCurrent }: EventRowProps) {
  const content = { row, time, preview }
  const isBanner = row.bannerIcon !== undefined
  const cells = isBanner ? columns.filter(({ inBanner }) => inBanner) : columns
  return (
    <div
      role="row"
      id={`event-${row.index}`}
      class={`row tone-${row.tone}${isBanner ? ' wide' : ''}${isSelected ? ' selected' : ''}${isCurrent ? ' current' : ''}`}
      aria-rowindex={rowIndex}
      aria-selected={isSelected}
      data-event={row.index}
    >
      {cells.map((column) => (
        <span
          key={column.id}
          role="gridcell"
          aria-colindex={COLUMN_IDS.indexOf(column.id) + 1}
          class={`cell column-${column.id} ${column.look}`}
          aria-label={column.spoken?.(content)}
        >
          <Content column={column} content={content} />
        </span>
      ))}
      {isBanner && <BannerCell row={row} preview={preview} from={cells.length + 1} />}
    </div>
  )
}

function Content({ column, content }: { column: Column; content: RowContent }) {
  const text = column.text(content)
  return (
    <>
      {column.bar !== undefined && (
        <span class="size-track">
          <span class="size-bar" style={{ width: `${Math.round(column.bar(content) * 100)}%` }} />
        </span>
      )}
      {column.isPeerText ? <Printable text={text} /> : text}
    </>
  )
}

/** Columns in front of a banner's own cell, if all columns are shown. */
const BANNER_COLUMNS = COLUMNS.filter(({ inBanner }) => inBanner).length

interface BannerCellProps {
  readonly row: EventSummary
  readonly preview: string | undefined
  /** First grid column that the cell spans, counted from 1. */
  readonly from: number
}

/** An event that interrupts the traffic, across the columns. */
function BannerCell({ row, preview, from }: BannerCellProps) {
  const text = preview === undefined || preview === '' ? row.type : preview
  return (
    <span
      role="gridcell"
      aria-colindex={BANNER_COLUMNS + 1}
      aria-colspan={COLUMNS.length - BANNER_COLUMNS}
      class="cell wide-cell"
      style={{ gridColumn: `${from} / -1` }}
    >
      <Icon name={row.bannerIcon ?? ''} />
      <span class="clip">
        <Printable text={row.connection === '' ? text : `${row.connection} · ${text}`} />
      </span>
    </span>
  )
}
