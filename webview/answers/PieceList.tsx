import * as l10n from '@vscode/l10n'
import { useLayoutEffect, useRef, useState } from 'preact/hooks'
import { STALL } from '../../src/shared/model-answer.ts'
import { PART_NAMES } from '../format/answer-parts.ts'
import { formatDelta, formatDuration, formatSessionTime } from '../format/time.ts'
import { rankForKey } from '../list/movement-keys.ts'
import type { AnswerText } from '../state/answer-text.ts'
import { usePage } from '../state/page.ts'
import { type Box, useResize } from '../ui/hooks.ts'
import { PieceWords } from './PieceWords.tsx'
import { eventNumber } from './words.ts'

const ROW = 20
const HEADER = 24
/** Rows painted above and below those in view. */
const OVERSCAN = 6
/** Milliseconds that fill the bar of a gap. */
const FULL_BAR = 3000

const COLUMNS = ['#', l10n.t('Time'), l10n.t('Gap, ms'), l10n.t('Part'), l10n.t('Text')]

/** The events that brought an answer, a row for each piece. Only the rows in view are in the document. */
export function PieceList({ text }: { text: AnswerText }) {
  const page = usePage()
  const grid = useRef<HTMLDivElement>(null)
  const [view, setView] = useState({ top: 0, height: 0 })
  const count = text.pieces.length
  const event = page.selection.current.value?.index
  const selected = event === undefined ? undefined : text.pieceOf(event)
  const read = (element: HTMLElement) =>
    setView({ top: element.scrollTop, height: Math.max(0, element.clientHeight - HEADER) })
  useResize(grid, read)
  useFollowing(grid, count, text.answer.status === 'growing' && selected === undefined)
  useLayoutEffect(() => {
    const element = grid.current
    if (element === null || selected === undefined) return
    const room = element.clientHeight - HEADER
    const top = selected * ROW
    if (top >= element.scrollTop && top + ROW <= element.scrollTop + room) return
    element.scrollTop = top - room / 2
  }, [selected])

  const from = Math.max(0, Math.floor(view.top / ROW) - OVERSCAN)
  const to = Math.min(count, Math.ceil((view.top + view.height) / ROW) + OVERSCAN)
  const select = (number: number) => {
    const piece = text.pieces[number]
    if (piece !== undefined) page.reveal(piece.event)
  }
  const onKeyDown = (key: KeyboardEvent) => {
    if (key.ctrlKey || key.metaKey || key.altKey) return
    const rowsInView = Math.max(1, Math.floor(view.height / ROW))
    const next =
      key.key === 'End'
        ? count - 1
        : rankForKey(key.key, selected ?? -1, rowsInView, { first: 0, end: count }, view.top / ROW)
    if (next === undefined && key.key !== 'Enter') return
    key.preventDefault()
    if (next !== undefined) select(next)
    else if (selected !== undefined) page.show('events')
  }
  return (
    <div
      ref={grid}
      class="piece-list tabular"
      role="grid"
      tabIndex={0}
      aria-label={l10n.t('Events of this answer')}
      aria-rowcount={count + 1}
      aria-activedescendant={
        selected !== undefined && selected >= from && selected < to ? `piece-${selected}` : undefined
      }
      onScroll={({ currentTarget }) => read(currentTarget)}
      onKeyDown={onKeyDown}
    >
      <div class="piece-row head" role="row" aria-rowindex={1}>
        {COLUMNS.map((name) => (
          <span key={name} role="columnheader" class="cell">
            {name}
          </span>
        ))}
      </div>
      <div role="none" class="piece-rows" style={{ height: `${count * ROW}px` }}>
        <div role="none" style={{ transform: `translateY(${from * ROW}px)` }}>
          {Array.from({ length: Math.max(0, to - from) }, (_, i) => (
            <PieceRow
              key={(from + i) % (to - from)}
              text={text}
              number={from + i}
              isSelected={text.pieces[from + i]?.event === event}
              onSelect={() => select(from + i)}
              onOpen={() => page.show('events')}
            />
          ))}
        </div>
      </div>
    </div>
  )
}

interface PieceRowProps {
  readonly text: AnswerText
  readonly number: number
  readonly isSelected: boolean
  onSelect(): void
  onOpen(): void
}

function PieceRow({ text, number, isSelected, onSelect, onOpen }: PieceRowProps) {
  const piece = text.pieces[number]
  if (piece === undefined) return null
  const gap = text.gapOf(number) ?? Number.NaN
  const isStall = number > 0 && gap > STALL
  const bar = gap > 0 ? Math.min(1, Math.log10(1 + gap) / Math.log10(FULL_BAR)) : 0
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the grid that has the focus takes the keys.
    <div
      class={`piece-row${isSelected ? ' selected' : ''}`}
      role="row"
      id={`piece-${number}`}
      aria-rowindex={number + 2}
      aria-selected={isSelected}
      onClick={onSelect}
      onDblClick={onOpen}
    >
      <span role="gridcell" class="cell end dim">
        {eventNumber(piece.event).slice(1)}
      </span>
      <span role="gridcell" class="cell">
        {formatSessionTime(piece.time)}
      </span>
      <span role="gridcell" class={`cell piece-gap${isStall ? ' is-stall' : ''}`}>
        <i class={isStall ? 'stall-hatch' : ''} style={{ width: `${Math.round(bar * 56)}px` }} />
        {isStall ? formatDuration(gap) : formatDelta(gap)}
      </span>
      <span role="gridcell" class="cell dim">
        {PART_NAMES[piece.part]}
      </span>
      <span role="gridcell" class="cell">
        <PieceWords text={piece.text} />
      </span>
    </div>
  )
}

/** Keeps the list at its end while the answer grows, unless the user has scrolled up. */
function useFollowing(grid: Box<HTMLElement>, count: number, isFollowing: boolean): void {
  const last = useRef(0)
  useLayoutEffect(() => {
    const element = grid.current
    if (element === null) return
    const end = last.current * ROW - (element.clientHeight - HEADER)
    if (isFollowing && element.scrollTop >= end - ROW) element.scrollTop = element.scrollHeight
    last.current = count
  }, [grid, count, isFollowing])
}
