import * as l10n from '@vscode/l10n'
import { useMemo, useState } from 'preact/hooks'
import type { ByteField, MappedPacket } from '../../src/shared/packet-map.ts'
import { formatBytes, formatCount } from '../format/count.ts'
import { usePage } from '../state/page.ts'
import { LinkButton } from '../ui/buttons.tsx'
import { labelOfField, textOfField } from './byte-field-text.ts'
import { HexLines } from './HexLines.tsx'
import type { Bytes } from './hex-pieces.ts'
import { beginnings, PacketMessages } from './PacketMessages.tsx'
import { inMessage, type PacketSource } from './packet-source.ts'
import { LINE_BYTES } from './payload-view.ts'
import { showInHex } from './show-in-hex.ts'

interface PacketBytesProps {
  readonly index: number
  readonly source: PacketSource
  /** The bytes of the packet in this message. */
  readonly own: Bytes
  /** What the packet is called. */
  readonly name: string
  /** It goes on in a later message. */
  readonly isUnfinished?: boolean
  /** Bytes that are shown at most. */
  readonly most: number
  readonly marked: Bytes | undefined
  readonly onPoint: (field: ByteField | undefined) => void
}

/** How many times as many bytes are shown if the user asks for more. */
const MORE = 8

/** The bytes of a packet: its fields with their names, then in hexadecimal. */
export function PacketBytes(props: PacketBytesProps) {
  const { index, source, own, name, isUnfinished = false, marked, onPoint } = props
  const { payload, packet, messages } = source
  const { from, to, fields } = packet
  const page = usePage()
  const [most, setMost] = useState(props.most)
  const starts = useMemo(() => beginnings(messages), [messages])
  if (to === from) return null
  const end = Math.min(to, Math.max(from, payload.length))
  const shown = { from, to: Math.min(end, from + most) }
  const lineBytes = LINE_BYTES.narrow
  const lines = { from: Math.floor(from / lineBytes), to: Math.ceil(shown.to / lineBytes) }
  const show = (bytes: Bytes, what: string) =>
    showInHex(page, { ...inMessage(messages, index, bytes), name: what })
  return (
    <div class="packet-bytes">
      <p class="packet-size">
        <span class="dim">{titleOf(packet, isUnfinished)}</span>
        <LinkButton onClick={() => showInHex(page, { index, ...own, name })}>
          {l10n.t('Show in Hex')}
        </LinkButton>
      </p>
      {fields.length > 0 && (
        <ul class="byte-fields">
          {fields.map((field) => (
            <li key={field.from} style={{ flexGrow: Math.min(40, field.to - field.from) }}>
              <button
                type="button"
                class={`byte-field${isWithin(field, marked) ? ' is-marked' : ''}`}
                title={describe(field)}
                onClick={() => show(field, `${name}, ${field.name}`)}
                onPointerEnter={() => onPoint(field)}
                onPointerLeave={() => onPoint(undefined)}
                onFocus={() => onPoint(field)}
                onBlur={() => onPoint(undefined)}
              >
                <span class="byte-field-text mono">{textOfField(payload, field)}</span>
                <span class="byte-field-name">{labelOfField(field)}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      {messages.length > 1 && <PacketMessages messages={messages} shown={shown} onPoint={onPoint} />}
      {lines.to > lines.from && (
        <div class="hex mono">
          <HexLines
            payload={payload}
            lineBytes={lineBytes}
            lines={lines}
            shown={shown}
            fields={fields}
            starts={starts}
            marked={marked}
            onPoint={(at) => onPoint(fields[at])}
          />
        </div>
      )}
      {shown.to < to && (
        <p class="packet-more">
          <span class="dim">{l10n.t('{0} more bytes', formatCount(to - shown.to))}</span>
          {messages.length > 1 && shown.to < end && (
            <LinkButton onClick={() => setMost(most * MORE)}>{l10n.t('Show More')}</LinkButton>
          )}
        </p>
      )}
    </div>
  )
}

function titleOf({ from, to, isContinued }: MappedPacket, isUnfinished: boolean): string {
  const size = formatBytes(to - from)
  if (isContinued)
    return isUnfinished ? l10n.t('Middle of the packet, {0}', size) : l10n.t('End of the packet, {0}', size)
  return isUnfinished ? l10n.t('Beginning of the packet, {0}', size) : l10n.t('Packet, {0}', size)
}

function describe({ name, meaning, from, to }: ByteField): string {
  const what = meaning === undefined ? name : `${name}: ${meaning}`
  return l10n.t('{0}, {1}: show in Hex', what, formatBytes(to - from))
}

function isWithin(field: Bytes, marked: Bytes | undefined): boolean {
  return marked !== undefined && field.from <= marked.from && marked.to <= field.to
}
