import * as l10n from '@vscode/l10n'
import { useRef, useState } from 'preact/hooks'
import { answerKey } from '../state/answer-text.ts'
import { usePage } from '../state/page.ts'
import { useResize } from '../ui/hooks.ts'
import { AnswerHead } from './AnswerHead.tsx'
import { AnswerPanel } from './AnswerPanel.tsx'
import { spanOf } from './curve.ts'
import { PieceList } from './PieceList.tsx'

/** Width in pixels below which the list of events is folded away until it is asked for. */
const NARROW = 900

/** What language models answered: the text as it grows, beside the events that brought it. */
export function AnswersView() {
  const { answers, looks } = usePage()
  void answers.changes.value
  const box = useRef<HTMLElement>(null)
  const [isNarrow, setNarrow] = useState(false)
  const [wantsList, setWantsList] = useState<boolean>()
  useResize(box, ({ clientWidth }) => setNarrow(clientWidth < NARROW))
  const { current, shown } = answers
  if (current === undefined) return null
  const texts = shown.map((answer) => ({ answer, text: answers.textOf(answer) }))
  const span = texts.reduce((most, { text }) => Math.max(most, text === undefined ? 0 : spanOf(text)), 1)
  const isBeside = shown.length > 1
  const hasList = !isBeside && (wantsList ?? !isNarrow)
  const text = answers.textOf(current)
  return (
    <section
      ref={box}
      class={`answers connection-${looks.colorOf(current.connection)}${hasList ? ' has-list' : ''}${isNarrow ? ' narrow' : ''}`}
      aria-label={l10n.t('Answers')}
    >
      <AnswerHead
        list={isBeside ? undefined : { isShown: hasList, show: setWantsList }}
        current={current}
        text={text}
      />
      {hasList && text !== undefined && <PieceList key={answerKey(current)} text={text} />}
      <div class="answer-columns">
        {texts.map(({ answer, text: each }) => (
          <AnswerPanel key={answerKey(answer)} answer={answer} text={each} span={span} isBeside={isBeside} />
        ))}
      </div>
    </section>
  )
}
