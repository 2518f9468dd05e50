import * as l10n from '@vscode/l10n'
import type { ComponentChildren } from 'preact'
import { memo } from 'preact/compat'
import { formatDuration } from '../format/time.ts'
import { usePage } from '../state/page.ts'
import type { TextBlock } from '../state/text-blocks.ts'
import { characterAt } from './character-at.ts'
import type { SectionProps } from './section.ts'
import { eventNumber } from './words.ts'

/** A stall, before the character that ended it. */
interface Pause {
  readonly at: number
  readonly event: number
  readonly ms: number
}

/** The text of a section in blocks, with its stalls and the selected piece marked. A click selects the event of a word. */
export function SectionText(props: SectionProps) {
  const { section, text, isGrowing } = props
  const page = usePage()
  const { blocks } = section.text
  const pauses = text.answer.stalls.flatMap(({ to, ms }): Pause[] => {
    const span = section.spanOf(text.pieceOf(to) ?? -1)
    return span === undefined ? [] : [{ at: span.from, event: to, ms }]
  })
  const mark = markOf(props)
  const onClick = (event: MouseEvent) => {
    if (getSelection()?.isCollapsed === false) return
    const offset = characterAt(event)
    const number = offset === undefined ? undefined : section.pieceAt(offset)
    const piece = number === undefined ? undefined : text.pieces[number]
    if (piece !== undefined) page.reveal(piece.event)
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the arrow keys do the same in the element around it
    // biome-ignore lint/a11y/useKeyWithClickEvents: the arrow keys do the same in the element around it
    <div class={`section-text${isGrowing ? ' is-growing' : ''}`} onClick={onClick}>
      {blocks.map((block, i) => {
        const end = block.start + block.text.length
        const isIn = (at: number) => at >= block.start && (at < end || i === blocks.length - 1)
        const marked = mark !== undefined && mark.from < end && mark.to > block.start ? mark : undefined
        return (
          <Block
            key={block.start}
            block={block}
            from={marked?.from}
            to={marked?.to}
            pauses={pauses.filter(({ at }) => isIn(at))}
          />
        )
      })}
    </div>
  )
}

/** The characters of the selected piece, without the spaces before its word. */
function markOf({ section, text, selected }: SectionProps) {
  const span = selected === undefined ? undefined : section.spanOf(selected)
  if (selected === undefined || span === undefined) return undefined
  const words = text.pieces[selected]?.text ?? ''
  const spaces = words.length - words.trimStart().length
  return { from: spaces === words.length ? span.from : span.from + spaces, to: span.to }
}

interface BlockProps {
  readonly block: TextBlock
  /** Characters of the text to mark. */
  readonly from: number | undefined
  readonly to: number | undefined
  readonly pauses: readonly Pause[]
}

/** Elements of a block are made again only if it has changed: a long answer has many blocks. */
const Block = memo(
  function Block({ block, from = 0, to = 0, pauses }: BlockProps) {
    const { start, text } = block
    const end = start + text.length
    const parts: ComponentChildren[] = []
    const add = (first: number, last: number) => {
      const within = (at: number) => Math.max(first, Math.min(last, at))
      const [a, b] = [within(from), within(to)]
      if (a > first)
        parts.push(<Span key={`t${first}`} at={first} text={text.slice(first - start, a - start)} />)
      if (b > a)
        parts.push(
          <mark key="mark" class="answer-mark" data-at={a}>
            {text.slice(a - start, b - start)}
          </mark>,
        )
      if (last > b) parts.push(<Span key={`t${b}`} at={b} text={text.slice(b - start, last - start)} />)
    }
    let at = start
    for (const pause of pauses) {
      add(at, pause.at)
      parts.push(<StallMark key={`s${pause.at}`} {...pause} />)
      at = pause.at
    }
    add(at, end)
    return <div class="text-block">{parts}</div>
  },
  (one, other) =>
    one.block === other.block &&
    one.from === other.from &&
    one.to === other.to &&
    one.pauses.length === other.pauses.length,
)

function Span({ at, text }: { at: number; text: string }) {
  return text === '' ? null : <span data-at={at}>{text}</span>
}

function StallMark({ event, ms }: Pause) {
  const page = usePage()
  return (
    <button
      type="button"
      class="stall-mark"
      title={l10n.t('Nothing came for {0}, up to {1}', formatDuration(ms), eventNumber(event))}
      onClick={(press) => {
        press.stopPropagation()
        page.reveal(event)
      }}
    >
      {formatDuration(ms)}
    </button>
  )
}
