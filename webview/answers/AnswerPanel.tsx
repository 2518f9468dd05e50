import * as l10n from '@vscode/l10n'
import { useEffect, useRef } from 'preact/hooks'
import type { AnswerSummary } from '../../src/shared/model-answer.ts'
import { formatCount, pieceCount } from '../format/count.ts'
import { formatDuration } from '../format/time.ts'
import type { AnswerText } from '../state/answer-text.ts'
import { usePage } from '../state/page.ts'
import { LinkButton } from '../ui/buttons.tsx'
import { Icon } from '../ui/Icon.tsx'
import { AnswerFacts } from './AnswerFacts.tsx'
import { AnswerState, answerName, Figures } from './AnswerHead.tsx'
import { CopyAnswer } from './CopyAnswer.tsx'
import { GapCurve } from './GapCurve.tsx'
import { Reasoning } from './Reasoning.tsx'
import { RequestLink } from './RequestLink.tsx'
import { SectionText } from './SectionText.tsx'
import type { SectionProps } from './section.ts'
import { ToolCall } from './ToolCall.tsx'

interface AnswerPanelProps {
  readonly answer: AnswerSummary
  /** Undefined until it has been read. */
  readonly text: AnswerText | undefined
  /** Milliseconds that the curve shows. */
  readonly span: number
  /** Whether other answers are beside it. */
  readonly isBeside: boolean
}

/** One answer: the curve of its gaps, what it says, and its figures. */
export function AnswerPanel({ answer, text, span, isBeside }: AnswerPanelProps) {
  const page = usePage()
  const { answers, looks, selection } = page
  const body = useRef<HTMLDivElement>(null)
  const event = selection.current.value?.index
  const selected = event === undefined ? undefined : text?.pieceOf(event)
  const number = answers.list.value.indexOf(answer)
  useEffect(() => {
    if (selected !== undefined)
      body.current?.querySelector('.answer-mark')?.scrollIntoView({ block: 'nearest' })
  }, [selected])
  const onKeyDown = (key: KeyboardEvent) => {
    const step = key.key === 'ArrowRight' ? 1 : key.key === 'ArrowLeft' ? -1 : 0
    if (text === undefined || step === 0 || key.target !== body.current) return
    key.preventDefault()
    const next = selected === undefined ? (step === 1 ? 0 : text.pieces.length - 1) : selected + step
    const piece = text.pieces[next]
    if (piece !== undefined) page.reveal(piece.event)
  }
  return (
    <article class={`answer connection-${looks.colorOf(answer.connection)}`} aria-label={answerName(number)}>
      {isBeside && (
        <header class="answer-title">
          <h2>{answerName(number)}</h2>
          <AnswerState answer={answer} />
          <Figures answer={answer} />
          <span class="spacer" />
          <CopyAnswer text={text} />
        </header>
      )}
      {text === undefined ? (
        <p class="hint" role="status">
          {l10n.t('Reading the answer…')}
        </p>
      ) : (
        <>
          <GapCurve text={text} span={span} selected={selected} />
          <div
            ref={body}
            class="answer-body"
            role="group"
            // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls takes the focus
            tabIndex={0}
            aria-label={l10n.t('Text of the answer. The arrow keys move from word to word.')}
            onKeyDown={onKeyDown}
          >
            <div class="answer-text">
              <Sections text={text} selected={selected} />
              <Ending answer={answer} />
              {!isBeside && <NextAnswer number={number + 1} />}
            </div>
            <AnswerFacts answer={answer} />
          </div>
        </>
      )}
    </article>
  )
}

/** The sections of an answer; those of each alternative together. */
function Sections({ text, selected }: { text: AnswerText; selected: number | undefined }) {
  const { isFinished } = usePage()
  const choices = [...new Set(text.sections.map(({ choice }) => choice))].sort((a, b) => a - b)
  const last = text.sections.at(-1)
  return (
    <>
      {choices.map((choice) => (
        <div key={choice}>
          {choices.length > 1 && (
            <h3 class="answer-alternative">{l10n.t('Alternative {0}', formatCount(choice + 1))}</h3>
          )}
          {text.sections.map(
            (section, i) =>
              section.choice === choice && (
                <Section
                  key={i}
                  section={section}
                  text={text}
                  selected={selected}
                  isGrowing={section === last && text.answer.status === 'growing' && !isFinished}
                />
              ),
          )}
        </div>
      ))}
    </>
  )
}

function Section(props: SectionProps) {
  switch (props.section.part) {
    case 'reasoning':
      return <Reasoning {...props} />
    case 'tool_call':
      return <ToolCall {...props} />
    default:
      return <SectionText {...props} />
  }
}

/** Why the answer ends, or that it does not yet. */
function Ending({ answer }: { answer: AnswerSummary }) {
  const { session, clock, isFinished } = usePage()
  const { status, stopReason, error, isCut, end } = answer
  if (status === 'growing') {
    void clock.ticks.value
    if (isFinished)
      return (
        <p class="answer-ending">
          <Icon name="debug-stop" />
          <span>{l10n.t('The recording ends here.')}</span>
        </p>
      )
    const waited = session.isMoving ? session.now() - end : 0
    return waited > 1000 ? (
      <p class="answer-ending">
        <Icon name="loading" spin />
        <span class="dim">{l10n.t('Nothing for {0}', formatDuration(Math.floor(waited / 1000) * 1000))}</span>
      </p>
    ) : null
  }
  return (
    <>
      {isCut && (
        <p class="answer-ending">
          <Icon name="warning" />
          <span>{l10n.t('The answer is too long to keep: its later pieces are missing.')}</span>
        </p>
      )}
      {status === 'complete' ? (
        stopReason !== undefined && (
          <p class="answer-ending">
            <Icon name="debug-stop" />
            <b>{l10n.t('Stopped:')}</b>
            <span class="mono">{stopReason}</span>
          </p>
        )
      ) : (
        <p class={`answer-ending ${status === 'failed' ? 'tone-error' : 'tone-warn'}`}>
          <span class="toned">
            <Icon name={status === 'failed' ? 'error' : 'warning'} />
          </span>
          <b>{status === 'failed' ? l10n.t('Failed:') : l10n.t('Broken off')}</b>
          <span>
            {error ?? (status === 'failed' ? '' : l10n.t('The connection ended before the answer did.'))}
          </span>
        </p>
      )}
    </>
  )
}

/** The answer that follows: its beginning, and a way to it. `number` counts from 0. */
function NextAnswer({ number }: { number: number }) {
  const page = usePage()
  const next = page.answers.list.value[number]
  if (next === undefined) return null
  const { request, beginning, status } = next
  const { content, reasoning, tool_call } = next.pieces
  return (
    <section class="answer-next" aria-label={answerName(number)}>
      <h3>
        <LinkButton onClick={() => page.answers.choose(next)}>{answerName(number)}</LinkButton>
        <AnswerState answer={next} />
        <span class="dim">{pieceCount(content + reasoning + tool_call)}</span>
        <span class="spacer" />
        {request !== undefined && <RequestLink request={request} />}
      </h3>
      <p>
        {beginning}
        {(status === 'growing' || beginning.length >= 200) && '…'}
      </p>
    </section>
  )
}
