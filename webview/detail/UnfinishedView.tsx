import * as l10n from '@vscode/l10n'
import { useState } from 'preact/hooks'
import type { ByteField, UnfinishedPacket } from '../../src/shared/packet-map.ts'
import type { ConversationPart } from '../../src/shared/protocol/decoding.ts'
import { formatCount } from '../format/count.ts'
import { titleOf } from '../format/decoded.ts'
import { usePage } from '../state/page.ts'
import { LinkButton } from '../ui/buttons.tsx'
import { Sentence } from '../ui/Sentence.tsx'
import { arrowOf } from './ExchangeLine.tsx'
import { PacketBytes } from './PacketBytes.tsx'
import { NO_MESSAGES } from './packet-source.ts'

interface UnfinishedViewProps {
  readonly index: number
  readonly payload: Uint8Array | undefined
  readonly packet: UnfinishedPacket
  /** The message in which the packet ends, if it was found. */
  readonly end: ConversationPart | null
  readonly most: number
}

/** The packet that goes on in later messages: what it is, where it ends, and its bytes in this message. */
export function UnfinishedView({ index, payload, packet, end, most }: UnfinishedViewProps) {
  const page = usePage()
  const [field, pointAt] = useState<ByteField>()
  const name = end === null ? packet.name : titleOf(end.preview)
  return (
    <section class="packet">
      <div class="packet-head">
        <h2>{name === undefined ? l10n.t('Part of a packet') : l10n.t('Part of {0}', name)}</h2>
        <p class="packet-facts dim">
          {end === null ? (
            l10n.t('Its end is not known.')
          ) : (
            <span>
              <Sentence
                text={l10n.t('It ends in {0}.')}
                parts={[
                  <LinkButton
                    key="end"
                    title={l10n.t('Show this event')}
                    onClick={() => page.reveal(end.index)}
                  >
                    {`${arrowOf(end)} #${formatCount(end.index + 1)}`}
                  </LinkButton>,
                ]}
              />
            </span>
          )}
        </p>
      </div>
      {payload !== undefined && (
        <PacketBytes
          index={index}
          source={{ payload, packet, messages: NO_MESSAGES }}
          own={{ from: packet.from, to: packet.to }}
          name={name ?? l10n.t('Part of a packet')}
          isUnfinished
          most={most}
          marked={field}
          onPoint={pointAt}
        />
      )}
    </section>
  )
}
