import { useState } from 'preact/hooks'
import {
  COLUMN_IDS,
  type Column,
  type ColumnId,
  MOST,
  resized,
  type Widths,
  widthOf,
} from '../state/list-columns.ts'
import { usePage } from '../state/page.ts'
import { TIME_MODE_IDS, TIME_MODES } from '../state/time-column.ts'

const STEP = 8
const LEAP = 40

interface ListHeaderProps {
  readonly columns: readonly Column[]
  readonly widths: Widths
  /** Pixels. */
  readonly room: number
}

/** The header row: names, the time mode, and a separator after each column that can be resized. */
export function ListHeader({ columns, widths, room }: ListHeaderProps) {
  const { layout } = usePage()
  const [focused, setFocused] = useState<ColumnId>('number')
  const resizable = columns.filter((column) => column.resizable)
  // The Tab key reaches only one of the separators.
  const stop = resizable.some(({ id }) => id === focused) ? focused : resizable[0]?.id
  return (
    <div class="row head" role="row" aria-rowindex={1}>
      {columns.map((column) => (
        <span
          role="columnheader"
          key={column.id}
          aria-colindex={COLUMN_IDS.indexOf(column.id) + 1}
          class={`cell column-${column.id} ${column.look}`}
          title={column.id === 'time' ? TIME_MODES[layout.current.value.time].hint : column.hint}
        >
          {column.id === 'time' ? (
            <TimeChoice />
          ) : column.name === '' ? (
            <span class="visually-hidden">{column.spokenName}</span>
          ) : (
            <span class="clip">{column.name}</span>
          )}
          {column.resizable && (
            <Separator
              column={column}
              widths={widths}
              clamp={(to) => resized(column, to, columns, room, widths)}
              isStop={column.id === stop}
              onFocus={() => setFocused(column.id)}
              neighbour={(by) => resizable[resizable.indexOf(column) + by]?.id}
            />
          )}
        </span>
      ))}
    </div>
  )
}

function TimeChoice() {
  const { layout, session } = usePage()
  return (
    <select
      class="time-choice"
      aria-label="Time column"
      value={layout.current.value.time}
      onChange={(event) => {
        const time = TIME_MODE_IDS.find((mode) => mode === event.currentTarget.value)
        if (time !== undefined) layout.change({ time })
        session.touch()
      }}
      onKeyDown={(event) => event.stopPropagation()}
    >
      {TIME_MODE_IDS.map((mode) => (
        <option key={mode} value={mode} title={TIME_MODES[mode].hint}>
          {TIME_MODES[mode].name}
        </option>
      ))}
    </select>
  )
}

interface SeparatorProps {
  readonly column: Column
  readonly widths: Widths
  /** The width that the column gets if the user asks for `to`. */
  readonly clamp: (to: number) => number
  readonly isStop: boolean
  readonly onFocus: () => void
  /** The resizable column before or after. */
  readonly neighbour: (by: 1 | -1) => ColumnId | undefined
}

const separatorId = (column: ColumnId) => `resize-${column}`

function Separator({ column, widths, clamp, isStop, onFocus, neighbour }: SeparatorProps) {
  const { layout } = usePage()
  const [grip, setGrip] = useState<{ readonly x: number; readonly width: number }>()
  const width = widthOf(column, widths)
  const resize = (to: number) => layout.change({ columns: { ...widths, [column.id]: clamp(to) } })
  const reset = () => {
    const { [column.id]: _, ...others } = widths
    layout.change({ columns: others })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.shiftKey ? LEAP : STEP
    const focus = (id: ColumnId | undefined) =>
      id !== undefined && document.getElementById(separatorId(id))?.focus()
    const action = {
      ArrowLeft: () => resize(width - step),
      ArrowRight: () => resize(width + step),
      ArrowUp: () => focus(neighbour(-1)),
      ArrowDown: () => focus(neighbour(1)),
      Enter: reset,
    }[event.key]
    if (action === undefined) return
    action()
    event.preventDefault()
    event.stopPropagation()
  }
  return (
    <span
      role="separator"
      id={separatorId(column.id)}
      class="column-sash"
      tabIndex={isStop ? 0 : -1}
      aria-orientation="vertical"
      aria-label={`Width of ${column.name}. Left and right resize, up and down choose the column, Enter resets`}
      aria-valuenow={width}
      aria-valuemin={column.least}
      aria-valuemax={MOST}
      title="Drag to resize, double-click to reset"
      onFocus={onFocus}
      onKeyDown={onKeyDown}
      onDblClick={reset}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId)
        setGrip({ x: event.clientX, width })
      }}
      onPointerMove={(event) => grip && resize(grip.width + event.clientX - grip.x)}
      onLostPointerCapture={() => setGrip(undefined)}
    />
  )
}
