import * as l10n from '@vscode/l10n'
import type { AnswerSummary } from '../../src/shared/model-answer.ts'
import { formatCount } from '../format/count.ts'
import { formatDuration } from '../format/time.ts'
import { type AnswerText, answerKey } from '../state/answer-text.ts'
import { usePage } from '../state/page.ts'
import { Chip, IconButton } from '../ui/buttons.tsx'
import { Icon } from '../ui/Icon.tsx'
import { Sentence } from '../ui/Sentence.tsx'
import { CopyAnswer } from './CopyAnswer.tsx'
import { longestOf } from './curve.ts'
import { protocolName, rateText } from './words.ts'

/** Answers that are buttons. More are a menu. */
const MOST_BUTTONS = 5

interface AnswerHeadProps {
  readonly current: AnswerSummary
  readonly text: AnswerText | undefined
  /** Undefined if there is no room for the list of events. */
  readonly list: { readonly isShown: boolean; show(shown: boolean): void } | undefined
}

/** Which answer is shown, its most important figures, and what can be done with it. */
export function AnswerHead({ current, text, list }: AnswerHeadProps) {
  const { answers } = usePage()
  return (
    <header class="bar answer-head">
      {list !== undefined && (
        <IconButton
          icon="list-flat"
          name={l10n.t('Events of this answer')}
          aria-pressed={list.isShown}
          onClick={() => list.show(!list.isShown)}
        />
      )}
      <AnswerSwitch current={current} />
      {!answers.isSideBySide.value && <Figures answer={current} />}
      <span class="spacer" />
      {answers.count.value > 1 && (
        <Chip
          aria-pressed={answers.isSideBySide.value}
          onClick={() => answers.setSideBySide(!answers.isSideBySide.value)}
        >
          <Icon name="split-horizontal" />
          {l10n.t('Side by side')}
        </Chip>
      )}
      {!answers.isSideBySide.value && <CopyAnswer text={text} />}
    </header>
  )
}

/** `First token 655 ms · 46 tokens/s · longest stall 2.6 s` */
export function Figures({ answer }: { answer: AnswerSummary }) {
  const { timeToFirst, rate, stalls } = answer
  const longest = longestOf(stalls)
  return (
    <p class="answer-figures tabular">
      {timeToFirst !== undefined && (
        <span>
          <Sentence text={l10n.t('First token {0}')} parts={[<b key="0">{formatDuration(timeToFirst)}</b>]} />
        </span>
      )}
      {rate !== undefined && (
        <span>
          <b>{rateText(rate)}</b>
        </span>
      )}
      {longest > 0 && (
        <span>
          <Sentence text={l10n.t('longest stall {0}')} parts={[<b key="0">{formatDuration(longest)}</b>]} />
        </span>
      )}
    </p>
  )
}

/** Chooses one of the answers. */
function AnswerSwitch({ current }: { current: AnswerSummary }) {
  const { answers, looks } = usePage()
  const list = answers.list.value
  const key = answerKey(current)
  if (list.length > MOST_BUTTONS)
    return (
      <select
        class="chip answer-choice"
        aria-label={l10n.t('Answer')}
        value={key}
        onChange={({ currentTarget }) => {
          const chosen = list.find((each) => answerKey(each) === currentTarget.value)
          if (chosen !== undefined) answers.choose(chosen)
        }}
      >
        {list.map((each, i) => (
          <option key={answerKey(each)} value={answerKey(each)}>
            {`${answerName(i)} · ${modelName(each)}`}
          </option>
        ))}
      </select>
    )
  return (
    <div class="answer-switch" role="group" aria-label={l10n.t('Answer')}>
      {list.map((each, i) => (
        <button
          type="button"
          key={answerKey(each)}
          class={`connection-${looks.colorOf(each.connection)}`}
          aria-pressed={answerKey(each) === key}
          title={modelName(each)}
          onClick={() => answers.choose(each)}
        >
          {answerName(i)}
          <AnswerState answer={each} />
        </button>
      ))}
    </div>
  )
}

/** Whether an answer grows or ended badly, as an icon. */
export function AnswerState({ answer: { status } }: { answer: AnswerSummary }) {
  const page = usePage()
  if (status === 'growing') return page.isFinished ? null : <Icon name="loading" spin />
  if (status === 'complete') return null
  return (
    <span class={status === 'failed' ? 'tone-error toned' : 'tone-warn toned'}>
      <Icon name={status === 'failed' ? 'error' : 'warning'} />
    </span>
  )
}

/** `number` counts from 0. */
export function answerName(number: number): string {
  return l10n.t('Answer {0}', formatCount(number + 1))
}

function modelName({ model, protocol }: AnswerSummary): string {
  return model ?? protocolName(protocol)
}
