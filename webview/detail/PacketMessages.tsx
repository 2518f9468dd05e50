import * as l10n from '@vscode/l10n'
import type { ByteField, JoinedMessage } from '../../src/shared/packet-map.ts'
import { formatBytes, formatCount } from '../format/count.ts'
import { usePage } from '../state/page.ts'
import { LinkButton } from '../ui/buttons.tsx'
import type { Bytes } from './hex-pieces.ts'

interface PacketMessagesProps {
  readonly messages: readonly JoinedMessage[]
  /** Bytes of the packet that are shown. */
  readonly shown: Bytes
  readonly onPoint: (bytes: ByteField | undefined) => void
}

/** The messages of a packet, each a click away. What the pointer or the focus is on is marked in the bytes. */
export function PacketMessages({ messages, shown, onPoint }: PacketMessagesProps) {
  const page = usePage()
  return (
    <div class="packet-messages">
      <span class="dim">{l10n.t('Messages')}</span>
      <ul aria-label={l10n.t('Messages of the packet')}>
        {messages.flatMap(({ index, from }, i) => {
          if (from >= shown.to) return []
          const name = numberOf(index)
          const part = { name, from, to: messages[i + 1]?.from ?? shown.to }
          const size = formatBytes(part.to - from)
          return (
            <li key={index}>
              <LinkButton
                title={l10n.t('{0} of the packet: show this event', size)}
                onClick={() => page.reveal(index)}
                onPointerEnter={() => onPoint(part)}
                onPointerLeave={() => onPoint(undefined)}
                onFocus={() => onPoint(part)}
                onBlur={() => onPoint(undefined)}
              >
                {name}
              </LinkButton>
            </li>
          )
        })}
      </ul>
    </div>
  )
}

/** Where a message begins in the bytes, with what it is called there. */
export function beginnings(messages: readonly JoinedMessage[]): ReadonlyMap<number, string> {
  return new Map(messages.slice(1).map(({ index, from }) => [from, l10n.t('{0} begins', numberOf(index))]))
}

function numberOf(index: number): string {
  return `#${formatCount(index + 1)}`
}
