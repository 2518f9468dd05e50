import * as l10n from '@vscode/l10n'
import type { ComponentChildren } from 'preact'
import type { AnswerSummary } from '../../src/shared/model-answer.ts'
import { PART_NAMES } from '../format/answer-parts.ts'
import { formatCount } from '../format/count.ts'
import { formatDuration } from '../format/time.ts'
import { RequestLink } from './RequestLink.tsx'
import { protocolName, rateText, STATUS_NAMES } from './words.ts'

/** The figures of an answer: model, stop reason, usage, times. */
export function AnswerFacts({ answer }: { answer: AnswerSummary }) {
  const { model, protocol, status, stopReason, usage, pieces, request, timeToFirst, rate } = answer
  const { input, cached, output, reasoning } = usage ?? {}
  const parts = (['reasoning', 'content', 'tool_call'] as const).filter((part) => pieces[part] > 0)
  const ending = stopReason ?? (status === 'growing' ? undefined : STATUS_NAMES[status])
  const answering = answer.end - answer.start - (timeToFirst ?? 0)
  return (
    <aside class="answer-facts tabular" aria-label={l10n.t('Figures of the answer')}>
      <Group name={l10n.t('Model')}>
        {model !== undefined && <p class="mono">{model}</p>}
        <p>{protocolName(protocol)}</p>
        {request !== undefined && (
          <p>
            <RequestLink request={request} />
          </p>
        )}
      </Group>
      {ending !== undefined && (
        <Group name={l10n.t('Stop reason')}>
          <p class={stopReason === undefined ? '' : 'mono'}>{ending}</p>
        </Group>
      )}
      {usage !== undefined && (
        <Group name={l10n.t('Usage, tokens')}>
          <Fact name={l10n.t('In')} value={count(input)} />
          <Fact name={l10n.t('of these cached')} value={count(cached)} isPart />
          <Fact name={l10n.t('Out')} value={count(output)} />
          <Fact name={l10n.t('of these reasoning')} value={count(reasoning)} isPart />
          <Fact
            name={l10n.t('Total')}
            value={input === undefined || output === undefined ? undefined : formatCount(input + output)}
          />
        </Group>
      )}
      {parts.length > 0 && (
        <Group name={l10n.t('Pieces')}>
          {parts.length > 1 && (
            <div class="piece-shares" aria-hidden="true">
              {parts.map((part) => (
                <i key={part} class={`part-${part}`} style={{ flexGrow: pieces[part] }} />
              ))}
            </div>
          )}
          {parts.map((part) => (
            <Fact key={part} name={PART_NAMES[part]} value={formatCount(pieces[part])} />
          ))}
        </Group>
      )}
      <Group name={l10n.t('Time')}>
        <Fact
          name={l10n.t('First token')}
          value={timeToFirst === undefined ? undefined : formatDuration(timeToFirst)}
        />
        <Fact name={l10n.t('Answering')} value={formatDuration(answering)} />
        {answer.stallCount > 0 && (
          <Fact
            name={
              answer.stallCount === 1
                ? l10n.t('in 1 stall')
                : l10n.t('in {0} stalls', formatCount(answer.stallCount))
            }
            value={`${formatDuration(answer.stalled)}, ${Math.round((100 * answer.stalled) / Math.max(1, answering))} %`}
            isPart
          />
        )}
        {rate !== undefined && <Fact name={l10n.t('Rate')} value={rateText(rate)} />}
        {rate !== undefined && answer.stallCount > 0 && (
          <Fact name={l10n.t('without stalls')} value={rateText(rate, rate.withoutStalls)} isPart />
        )}
      </Group>
    </aside>
  )
}

function Group({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <section>
      <h3>{name}</h3>
      {children}
    </section>
  )
}

interface FactProps {
  readonly name: string
  readonly value: string | undefined
  /** Whether it is a part of the fact above it. */
  readonly isPart?: boolean
}

function Fact({ name, value, isPart = false }: FactProps) {
  if (value === undefined) return null
  return (
    <p class={`answer-fact${isPart ? ' is-part' : ''}`}>
      <span>{name}</span>
      <span>{value}</span>
    </p>
  )
}

function count(value: number | undefined): string | undefined {
  return value === undefined ? undefined : formatCount(value)
}
