import * as l10n from '@vscode/l10n'
import type { ComponentChildren } from 'preact'
import { type CopyForm, FORM_NAMES, type Related } from '../../src/shared/protocol/payloads.ts'
import type { EventDetail } from '../../src/shared/protocol.ts'
import { schemeOf } from '../../src/shared/transports.ts'
import { isLive } from '../format/connection.ts'
import { formatCount } from '../format/count.ts'
import { can } from '../state/can.ts'
import { usePage } from '../state/page.ts'
import { compose } from '../state/send-again.ts'
import { LinkButton } from '../ui/buttons.tsx'
import type { PayloadView } from './payload-view.ts'

/** Actions on the event: compare, copy, open, save. */
export function PayloadActions(props: {
  detail: EventDetail
  view: PayloadView | undefined
  related: Related | undefined
}) {
  const { detail, view, related } = props
  const page = usePage()
  const { index } = detail
  const hasPayload = view !== undefined && detail.size > 0 && !detail.dropped
  const compare = (left: number) => () => void page.call('comparePayloads', { left, right: index }, 0)
  const other = useOtherSelected(index)
  const previous = related?.previous ?? undefined
  const connections = page.session.status.value?.connections ?? []
  // A connection that is not open now may be open when the message is written.
  const canSend = !page.isRecording && connections.some((each) => each.canSend && isLive(each.state))
  return (
    <dl class="entries">
      {hasPayload && can(page, 'comparePayloads') && (previous !== undefined || other !== undefined) && (
        <Line name={l10n.t('Compare with')}>
          {previous !== undefined && (
            <LinkButton title={l10n.t('Event {0}', formatCount(previous + 1))} onClick={compare(previous)}>
              {l10n.t('previous “{0}”', related?.name ?? '')}
            </LinkButton>
          )}
          {other !== undefined && (
            <LinkButton onClick={compare(other)}>
              {l10n.t('the other selected, #{0}', formatCount(other + 1))}
            </LinkButton>
          )}
        </Line>
      )}
      <Line name={l10n.t('Copy as')}>
        {useForms(detail, view).map((form) => (
          <LinkButton key={form} onClick={() => void page.call('copyAs', { index, form }, 0)}>
            {FORM_NAMES[form]}
          </LinkButton>
        ))}
      </Line>
      {can(page, 'explainEvent') && (
        <Line name={l10n.t('Assistant')}>
          <LinkButton
            title={l10n.t(
              'Puts the event and its neighbors into the chat, with secrets masked. Nothing is sent yet.',
            )}
            onClick={() => void page.call('explainEvent', { index }, 0)}
          >
            {l10n.t('Explain this')}
          </LinkButton>
        </Line>
      )}
      {hasPayload && (
        <Line name={l10n.t('Payload')}>
          {can(page, 'openPayload') && (
            <LinkButton onClick={() => void page.call('openPayload', { index }, 0)}>
              {l10n.t('Open in editor')}
            </LinkButton>
          )}
          <LinkButton onClick={() => void page.call('savePayload', { index, whole: false }, 0)}>
            {l10n.t('Save payload…')}
          </LinkButton>
          {canSend && (
            <LinkButton onClick={() => void compose(page, index)}>{l10n.t('Edit and resend')}</LinkButton>
          )}
        </Line>
      )}
    </dl>
  )
}

function Line({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd class="payload-actions">{children}</dd>
    </div>
  )
}

/** The formats in which this event can be copied. */
function useForms(detail: EventDetail, view: PayloadView | undefined): CopyForm[] {
  const { session } = usePage()
  const forms: CopyForm[] = []
  if (view !== undefined && detail.size > 0 && !detail.dropped) {
    // For a payload that is not loaded completely, the engine decides.
    const isWhole = detail.payload?.length === detail.size
    if (view.form === 'json' || (view.form === 'text' && !isWhole)) forms.push('json')
    if (view.form !== 'binary') forms.push('text')
    forms.push('hex', 'base64')
  }
  const id = detail.fields.connection
  const connection = session.connection(id)
  if (connection !== undefined) forms.push(schemeOf(connection.url) === 'ws' ? 'websocat' : 'curl')
  return forms
}

/** The other event, if two are selected. */
function useOtherSelected(index: number): number | undefined {
  const { selection } = usePage()
  const selected = selection.ranges.value
  const count = selected.reduce((sum, { from, to }) => sum + to - from, 0)
  if (count !== 2) return undefined
  return selected.flatMap(({ from, to }) => [from, to - 1]).find((each) => each !== index)
}
