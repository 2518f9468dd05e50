import type { ComponentChildren } from 'preact'
import type { ExpectationMark } from '../state/expectation-marks.ts'
import { type Column, missingAnswer, type RowContent } from '../state/list/columns.ts'
import type { MarkedPiece } from '../state/preview/marks.ts'
import { Icon } from '../ui/Icon.tsx'
import { PartType } from './PartType.tsx'
import { printable } from './printable.tsx'
import { RowActions } from './RowActions.tsx'

interface EventRowProps extends RowContent {
  /** Counted from 1, the header row included. */
  readonly rowIndex: number
  readonly columns: readonly Column[]
  /** Positions of the columns among all, counted from 1. */
  readonly positions: readonly number[]
  /** The color of the connection, from 1. */
  readonly color: number
  /** The preview, with what the filter has found. */
  readonly pieces: readonly MarkedPiece[]
  /** The type, with what the filter has found. */
  readonly typePieces: readonly MarkedPiece[]
  /** Whether the type does not fit into its column. Its tooltip then has all of it. */
  readonly isTypeCut: boolean
  /** What it has decided of what was expected. */
  readonly expectations: readonly ExpectationMark[]
  readonly isSelected: boolean
  /** The row that was selected last: keys move from it, and the details show it. */
  readonly isCurrent: boolean
}

/** One row of the list. */
export function EventRow(props: EventRowProps) {
  const { row, rowIndex, columns, positions, isSelected, isCurrent, isTypeCut } = props
  return (
    <div
      role="row"
      id={`event-${row.index}`}
      class={`row tone-${row.tone}${row.kind.automatic ? ' automatic' : ''}${isSelected ? ' selected' : ''}${isCurrent ? ' current' : ''}`}
      aria-rowindex={rowIndex}
      aria-selected={isSelected}
      data-event={row.index}
    >
      {columns.map((column, i) => (
        <span
          key={column.id}
          role="gridcell"
          aria-colindex={positions[i]}
          class={`cell ${classOf(column)} ${column.look}`}
          aria-label={column.spoken?.(props)}
          title={column.id === 'type' && isTypeCut ? row.type : undefined}
          data-column={column.id}
        >
          <Content column={column} content={props} />
        </span>
      ))}
    </div>
  )
}

/** The class of a column's cells. */
export function classOf({ id }: Column): string {
  return id.startsWith('$') ? 'column-value' : `column-${id}`
}

function Content({ column, content }: { column: Column; content: EventRowProps }): ComponentChildren {
  const { row } = content
  switch (column.id) {
    case 'preview':
      return row.kind.type === 'error' ? (
        <>
          <Pieces pieces={content.pieces} />
          <RowActions connection={row.connectionId} />
        </>
      ) : (
        <Pieces pieces={content.pieces} />
      )
    case 'type': {
      const type = (
        <>
          <Icon name={row.icon} />
          <Pieces pieces={content.typePieces} />
          <Expectations marks={content.expectations} />
        </>
      )
      return content.preview?.isPart !== true ? (
        type
      ) : (
        <PartType index={row.index} key={row.index}>
          {type}
        </PartType>
      )
    }
    case 'connection':
      return row.connectionId === 0 ? null : (
        <>
          <span class={`stripe connection-${content.color}`} />
          {column.isStripe ? null : content.connection}
        </>
      )
    case 'latency': {
      const missing = missingAnswer(content)
      return missing === '' ? column.text(content) : <span class="missing">{missing}</span>
    }
    default: {
      const text = column.text(content)
      return column.isPeerText ? printable(text) : text
    }
  }
}

/** A quiet ✓ or a ✗ for what the event decided; the tooltip says what was expected. */
function Expectations({ marks }: { marks: readonly ExpectationMark[] }): ComponentChildren {
  if (marks.length === 0) return null
  const isHeld = marks.every((mark) => mark.isHeld)
  const sentences = marks.map(({ sentence }) => sentence).join('\n')
  return (
    <span
      class={isHeld ? 'expectation dim' : 'expectation tone-error'}
      role="img"
      aria-label={sentences}
      title={sentences}
    >
      {isHeld ? '✓' : '✗'}
    </span>
  )
}

function Pieces({ pieces }: { pieces: readonly MarkedPiece[] }): ComponentChildren {
  return pieces.map(({ role, text, field, isMarked }, i) => {
    const shown = printable(text)
    if (isMarked) return <mark key={i}>{shown}</mark>
    if (role === 'text') return shown
    return (
      <span key={i} class="key" data-field={field}>
        {shown}
      </span>
    )
  })
}
