import { formatCount, sizeBar } from '../format/count.ts'
import { Icon } from '../Icon.tsx'
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
  /** Undefined until it has arrived. */
  readonly preview: string | undefined
  readonly isSelected: boolean
}

/** One row of the list. */
export function EventRow({ row, rowIndex, preview, isSelected }: EventRowProps) {
  return (
    <div
      role="row"
      id={`event-${row.index}`}
      class={`row tone-${row.tone}${row.wide ? ' wide' : ''}${isSelected ? ' selected' : ''}`}
      aria-rowindex={rowIndex}
      aria-selected={isSelected}
      data-event={row.index}
    >
      <span role="gridcell" aria-colindex={1} class="cell right dim">
        {formatCount(row.index + 1)}
      </span>
      <span role="gridcell" aria-colindex={2} class="cell">
        {row.time}
      </span>
      {row.wide ? <WideCell row={row} preview={preview} /> : <Cells row={row} preview={preview} />}
    </div>
  )
}

function WideCell({ row, preview }: { row: Row; preview: string | undefined }) {
  const said = preview === undefined || preview === '' ? row.type : preview
  return (
    <span role="gridcell" aria-colindex={3} aria-colspan={5} class="cell wide-cell">
      <Icon name={WIDE_ICONS[row.kind.type] ?? 'info'} />
      <span class="clip">{row.connection === '' ? said : `${row.connection} · ${said}`}</span>
    </span>
  )
}

function Cells({ row, preview }: { row: Row; preview: string | undefined }) {
  return (
    <>
      <span role="gridcell" aria-colindex={3} class="cell right dim delta">
        {row.delta}
      </span>
      <span role="gridcell" aria-colindex={4} class="cell toned" aria-label={row.direction}>
        {row.arrow}
      </span>
      <span role="gridcell" aria-colindex={5} class="cell toned">
        {row.type}
      </span>
      <span role="gridcell" aria-colindex={6} class="cell">
        <span class="size-track">
          <span class="size-bar" style={{ width: `${Math.round(sizeBar(row.bytes ?? 0) * 100)}%` }} />
        </span>
        {row.size}
      </span>
      <span role="gridcell" aria-colindex={7} class="cell preview">
        {preview ?? ''}
      </span>
    </>
  )
}
