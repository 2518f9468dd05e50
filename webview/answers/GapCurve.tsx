import * as l10n from '@vscode/l10n'
import { useRef, useState } from 'preact/hooks'
import { STALL } from '../../src/shared/model-answer.ts'
import { PART_NAMES } from '../format/answer-parts.ts'
import { formatCount } from '../format/count.ts'
import { formatDuration, formatSessionTime } from '../format/time.ts'
import type { AnswerText } from '../state/answer-text.ts'
import { usePage } from '../state/page.ts'
import { useResize } from '../ui/hooks.ts'
import { type Curve, curveOf } from './curve.ts'
import { eventNumber, markText } from './words.ts'

const HEIGHT = 76
/** Pixels that the words of a stall, of the first token and of a run of a part need. */
const STALL_WORDS = 150
const FIRST_WORDS = 66
const RUN_WORDS = 90
const RUN_NAME = 56

interface GapCurveProps {
  readonly text: AnswerText
  /** Milliseconds that fill the width. */
  readonly span: number
  readonly selected: number | undefined
}

/** The gaps between the pieces over time on a logarithmic axis, with the stalls hatched. A click selects the event there. */
export function GapCurve({ text, span, selected }: GapCurveProps) {
  const page = usePage()
  const plot = useRef<HTMLDivElement>(null)
  const [width, setWidth] = useState(0)
  useResize(plot, ({ clientWidth }) => setWidth(clientWidth))
  const curve = width === 0 ? undefined : curveOf(text, span, width, HEIGHT)
  const onClick = (press: MouseEvent & { readonly currentTarget: HTMLElement }) => {
    if (curve === undefined) return
    const time = curve.timeAt(press.clientX - press.currentTarget.getBoundingClientRect().left)
    const piece = text.pieces[text.pieceBefore(time)]
    if (piece !== undefined) page.reveal(piece.event)
  }
  return (
    <figure class="gap-curve" aria-label={l10n.t('Time between pieces')}>
      <figcaption class="dim">
        <span class="clip">{l10n.t('Time between pieces; over {0} is a stall', markText(STALL))}</span>
        <span class="clip tabular" role="status">
          <Readout text={text} selected={selected} />
        </span>
      </figcaption>
      <div class="curve-levels dim tabular" aria-hidden="true">
        {curve?.levels.map(({ top, ms }) => (
          <span key={ms} style={{ top: `${top}px` }}>
            {markText(ms)}
          </span>
        ))}
      </div>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the list beside it takes the keys */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the list beside it takes the keys */}
      <div ref={plot} class="curve-plot" style={{ height: `${HEIGHT}px` }} onClick={onClick}>
        {curve !== undefined && <Plot curve={curve} width={width} />}
        {curve !== undefined && selected !== undefined && (
          <i class="curve-cursor" style={{ left: `${curve.placeOf(text.pieces[selected]?.time ?? 0)}px` }} />
        )}
      </div>
      <div class="curve-runs" aria-hidden="true">
        {curve?.runs.map(({ left, width: room, part, pieces }) => (
          <span key={left} class={`part-${part}`} style={{ left: `${left}px`, width: `${room}px` }}>
            {room > RUN_WORDS
              ? `${PART_NAMES[part]}, ${formatCount(pieces)}`
              : room > RUN_NAME && PART_NAMES[part]}
          </span>
        ))}
      </div>
      <div class="curve-axis dim tabular" aria-hidden="true">
        {curve?.marks.map(({ left, time }) => (
          <span key={time} style={{ left: `${left}px` }}>
            {time > 0 ? markText(time) : curve.first === undefined ? '0' : l10n.t('request')}
          </span>
        ))}
      </div>
    </figure>
  )
}

function Plot({ curve, width }: { curve: Curve; width: number }) {
  const page = usePage()
  const { first } = curve
  return (
    <>
      <svg width={width} height={HEIGHT} aria-hidden="true">
        <path
          class="curve-grid"
          d={curve.levels.map(({ top }) => `M0 ${top.toFixed(1)}H${width}`).join('')}
        />
        <path class="curve-bars" d={curve.bars} />
      </svg>
      {first !== undefined && (
        <div class="curve-first tabular" style={{ width: `${first.width}px`, height: `${first.height}px` }}>
          {first.width > FIRST_WORDS && (
            <>
              <span>{l10n.t('first token')}</span>
              <span>{formatDuration(first.ms)}</span>
            </>
          )}
        </div>
      )}
      {curve.stalls.map(({ left, width: room, height, stall }) => {
        const name = l10n.t('stall {0}', formatDuration(stall.ms))
        const between = l10n.t('between {0} and {1}', eventNumber(stall.from), eventNumber(stall.to))
        return (
          <button
            type="button"
            key={stall.to}
            class="curve-stall stall-hatch tabular"
            style={{ left: `${left}px`, width: `${room}px`, height: `${height}px` }}
            aria-label={`${name} ${between}`}
            title={`${name} ${between}`}
            onClick={(press) => {
              press.stopPropagation()
              page.reveal(stall.to)
            }}
          >
            {room > STALL_WORDS && (
              <span>
                <b>{name}</b> <span>{between}</span>
              </span>
            )}
          </button>
        )
      })}
    </>
  )
}

/** What is selected, or how to select it. */
function Readout({ text, selected }: { text: AnswerText; selected: number | undefined }) {
  const piece = selected === undefined ? undefined : text.pieces[selected]
  if (selected === undefined || piece === undefined) return <>{l10n.t('Click a word to select its event')}</>
  const gap = text.gapOf(selected)
  const at = `${eventNumber(piece.event)} · ${formatSessionTime(piece.time)}`
  return <>{gap === undefined ? at : `${at} · ${l10n.t('after {0}', formatDuration(gap))}`}</>
}
