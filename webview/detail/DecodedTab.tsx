import * as l10n from '@vscode/l10n'
import { useMemo } from 'preact/hooks'
import type { DecodedEvent } from '../../src/shared/decoded.ts'
import type { RequestFigures } from '../../src/shared/exchange.ts'
import { MAX_MAPPED } from '../../src/shared/packet-map.ts'
import { type ConnectionDecoding, NO_DECODER } from '../../src/shared/protocol/decoding.ts'
import { wordsOf } from '../../src/shared/protocol-words.ts'
import { formatCount } from '../format/count.ts'
import { isPlain, titleOfEvent } from '../format/decoded.ts'
import { requestFigures } from '../format/request-figures.ts'
import { usePage } from '../state/page.ts'
import { openDecoderMenu } from '../strip/decoder-menu.ts'
import { LinkButton } from '../ui/buttons.tsx'
import { Entries } from './Entries.tsx'
import { ExchangeLine } from './ExchangeLine.tsx'
import { PacketView } from './PacketView.tsx'
import { useSummary } from './summary.ts'
import type { TabProps } from './tab.ts'
import { UnfinishedView } from './UnfinishedView.tsx'

const FIGURES_HINT = l10n.t(
  'Requests with this name, on this connection and those that belong to it: how many were answered, and how long the first answer took. Half of the answers came faster than p50, and 95% faster than p95.',
)

/** Bytes that are shown of the only packet of a message, and of each of several. */
const MOST_OF_ONE = 128
const MOST_OF_SEVERAL = 32

/** What a message says in the protocol of its connection: packets, the request or answer, how it was recognized. */
export function DecodedTab({ detail, view, related, decoded, conversation, bytes }: TabProps) {
  const { fields, index, payload } = detail
  const json = useMemo(() => (view?.form === 'json' ? JSON.parse(view.text) : undefined), [view])
  const summary = useSummary(detail, view, related)
  if (decoded === undefined) return null
  const packets = (decoded.events ?? [])
    .map((event, at) => ({
      event,
      packet: bytes?.packets?.[at],
      joined: at === 0 ? (bytes?.joined ?? null) : null,
    }))
    .filter(({ event }) => !isPlain(event))
  const unfinished = bytes?.unfinished ?? undefined
  const [first] = packets
  const connection = typeof fields.connection === 'number' ? fields.connection : undefined
  const most = packets.length + (unfinished === undefined ? 0 : 1) > 1 ? MOST_OF_SEVERAL : MOST_OF_ONE
  return (
    <div class="decoded-frame">
      <div class="decoded">
        <div class="decoded-head">
          {first !== undefined ? (
            <PacketHead event={first.event} figures={conversation?.figures ?? null} />
          ) : (
            unfinished === undefined && <NothingDecoded decoding={decoded.connection} />
          )}
        </div>
        <div class="decoded-lead">
          {conversation && <ExchangeLine conversation={conversation} index={index} />}
          {decoded.connection !== null && connection !== undefined && (
            <DecoderFacts decoding={decoded.connection} connection={connection} index={index} />
          )}
        </div>
        <div class="decoded-values">
          {packets.slice(0, MAX_MAPPED).map(({ event, packet, joined }, i) => (
            <section class="packet" key={i}>
              {i > 0 && <PacketHead event={event} />}
              <PacketView
                event={event}
                index={index}
                json={json}
                payload={payload}
                packet={packet}
                joined={joined}
                most={most}
              />
            </section>
          ))}
          {packets.length > MAX_MAPPED && (
            <p class="hint">{l10n.t('{0} more packets', formatCount(packets.length - MAX_MAPPED))}</p>
          )}
          {unfinished !== undefined && (
            <UnfinishedView
              index={index}
              payload={payload}
              packet={unfinished}
              end={bytes?.end ?? null}
              most={most}
            />
          )}
        </div>
        <div class="decoded-summary">
          <Entries entries={summary} />
        </div>
      </div>
    </div>
  )
}

function NothingDecoded({ decoding }: { decoding: ConnectionDecoding | null }) {
  if (decoding?.decoder === NO_DECODER)
    return <p class="hint">{l10n.t('The messages of this connection are not decoded.')}</p>
  return <p class="hint">{l10n.t('No packet ends in this message.')}</p>
}

interface PacketHeadProps {
  readonly event: DecodedEvent
  /** Of all requests with its name. */
  readonly figures?: RequestFigures | null
}

function PacketHead({ event, figures = null }: PacketHeadProps) {
  const { id, name, channel, parts, kind, protocol } = event
  const title = titleOfEvent(event)
  const { hasChannel = false } = wordsOf(protocol)
  const isOwnFact = channel !== undefined && channel !== name && !hasChannel
  const compared = figures === null ? '' : requestFigures(figures)
  return (
    <div class="packet-head">
      <h2 class={kind === 'error' ? 'tone-error toned' : undefined}>{title}</h2>
      <p class="packet-facts dim">
        {id !== undefined && <span>{l10n.t('id {0}', id)}</span>}
        {isOwnFact && <span>{channel}</span>}
        {parts !== undefined && <span>{l10n.t('in {0} messages', formatCount(parts))}</span>}
        {compared !== '' && (
          <span class="packet-figures" title={FIGURES_HINT}>
            {compared}
          </span>
        )}
      </p>
    </div>
  )
}

interface DecoderFactsProps {
  readonly decoding: ConnectionDecoding
  readonly connection: number
  readonly index: number
}

function DecoderFacts({ decoding, connection, index }: DecoderFactsProps) {
  const page = usePage()
  const { decoder, reason, isChosen, problem } = decoding
  return (
    <>
      {problem !== undefined && <p class="hint missing">{problem}</p>}
      <dl class="entries">
        <div>
          <dt>{l10n.t('Protocol')}</dt>
          <dd>
            {decoder === NO_DECODER ? l10n.t('not decoded') : decoder}{' '}
            <LinkButton
              aria-haspopup="menu"
              onClick={({ currentTarget }) => {
                // Also if the next choice decodes nothing.
                page.layout.change({ tab: 'decoded' })
                const { left, bottom } = currentTarget.getBoundingClientRect()
                void openDecoderMenu(page, connection, index, { x: left, y: bottom + 2 })
              }}
            >
              {l10n.t('Change…')}
            </LinkButton>
          </dd>
        </div>
        <div>
          <dt>{l10n.t('Recognized by')}</dt>
          <dd>{isChosen ? l10n.t('your choice') : reason}</dd>
        </div>
      </dl>
    </>
  )
}
