import * as l10n from '@vscode/l10n'
import { useState } from 'preact/hooks'
import { type Column, type ColumnId, fullName } from '../state/list/columns.ts'
import { type ListTable, MOST, resized, widthOf } from '../state/list/widths.ts'
import { usePage } from '../state/page.ts'
import { TIME_MODE_IDS, TIME_MODES } from '../state/time-column.ts'
import { Icon } from '../ui/Icon.tsx'
import { openColumnsMenu } from './columns-menu.ts'
import { classOf } from './EventRow.tsx'

const STEP = 8
const LEAP = 40

interface ListHeaderProps {
  readonly table: ListTable
  /** Pixels. */
  readonly room: number
}

/** The header row: names, the time mode, a separator after each column that can be resized, and the menu of columns. */
export function ListHeader({ table, room }: ListHeaderProps) {
  const page = usePage()
  const { columns, positions } = table
  const [focused, setFocused] = useState<ColumnId>('number')
  const resizable = columns.filter((column) => column.resizable)
  // The Tab key reaches only one of the separators.
  const stop = resizable.some(({ id }) => id === focused) ? focused : resizable[0]?.id
  return (
    <div
      class="row head"
      role="row"
      aria-rowindex={1}
      onContextMenu={(event) => {
        event.preventDefault()
        event.stopPropagation()
        openColumnsMenu(page, table, event.clientX, event.clientY)
      }}
    >
      {columns.map((column, i) => (
        <span
          role="columnheader"
          key={column.id}
          aria-colindex={positions[i]}
          aria-label={column.id === 'time' ? undefined : column.fullName}
          class={`cell ${classOf(column)} ${column.look}`}
          title={column.id === 'time' ? TIME_MODES[page.layout.current.value.time].hint : column.hint}
        >
          <HeaderName column={column} />
          {column.resizable && (
            <Separator
              column={column}
              table={table}
              clamp={(to) => resized(column, to, columns, room, table)}
              isStop={column.id === stop}
              onFocus={() => setFocused(column.id)}
              neighbor={(by) => resizable[resizable.indexOf(column) + by]?.id}
            />
          )}
          {column.fills && <ColumnsButton table={table} />}
        </span>
      ))}
    </div>
  )
}

function HeaderName({ column }: { column: Column }) {
  if (column.id === 'time') return <TimeChoice />
  if (column.name === '') return <span class="visually-hidden">{fullName(column)}</span>
  return <span class="clip">{column.name}</span>
}

function ColumnsButton({ table }: { table: ListTable }) {
  const page = usePage()
  return (
    <button
      type="button"
      class="icon-button columns-button"
      title={l10n.t('Columns')}
      aria-label={l10n.t('Columns')}
      aria-haspopup="menu"
      onClick={({ currentTarget }) => {
        const { right, bottom } = currentTarget.getBoundingClientRect()
        openColumnsMenu(page, table, right, bottom + 2)
      }}
      onKeyDown={(event) => event.stopPropagation()}
    >
      <Icon name="table" />
    </button>
  )
}

function TimeChoice() {
  const { layout, session } = usePage()
  return (
    <select
      class="time-choice"
      aria-label={l10n.t('Time column')}
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
  readonly table: ListTable
  /** The width that the column gets if the user asks for `to`. */
  readonly clamp: (to: number) => number
  readonly isStop: boolean
  readonly onFocus: () => void
  /** The resizable column before or after. */
  readonly neighbor: (by: 1 | -1) => ColumnId | undefined
}

const separatorId = (column: ColumnId) => `resize-${column}`

function Separator({ column, table, clamp, isStop, onFocus, neighbor }: SeparatorProps) {
  const { layout } = usePage()
  const [grip, setGrip] = useState<{ readonly x: number; readonly width: number }>()
  const { widths, facts } = table
  const width = widthOf(column, widths, facts)
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
      ArrowUp: () => focus(neighbor(-1)),
      ArrowDown: () => focus(neighbor(1)),
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
      aria-label={l10n.t(
        'Width of {0}. Left and right resize, up and down choose the column, Enter resets',
        fullName(column),
      )}
      aria-valuenow={width}
      aria-valuemin={column.least}
      aria-valuemax={MOST}
      title={l10n.t('Drag to resize, double-click to reset')}
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
