import { useMemo, useState } from 'preact/hooks'
import type { DecodedEvent } from '../../src/shared/decoded.ts'
import type { ByteField, JoinedPacket, MappedPacket } from '../../src/shared/packet-map.ts'
import { titleOfEvent } from '../format/decoded.ts'
import type { Bytes } from './hex-pieces.ts'
import { JsonTreeView } from './JsonTreeView.tsx'
import { NodeBytes } from './node-bytes.ts'
import { PacketBytes } from './PacketBytes.tsx'
import { joinedSource, NO_MESSAGES } from './packet-source.ts'
import { rootOf } from './value-path.ts'

interface PacketViewProps {
  readonly event: DecodedEvent
  readonly index: number
  /** The parsed payload of the message, if it is JSON. */
  readonly json: unknown
  readonly payload: Uint8Array | undefined
  /** Its bytes in this message. Undefined if they are not known. */
  readonly packet: MappedPacket | undefined
  /** All its bytes, if it is spread over several messages. */
  readonly joined: JoinedPacket | null
  /** Bytes that are shown at most. */
  readonly most: number
}

interface Mark {
  readonly bytes: Bytes
  /** The path of the value that the bytes have. Undefined if the mark comes from the tree, or there is no such value. */
  readonly path?: string | undefined
}

/** The value of a packet as a tree, and its bytes. What the pointer or the focus is on in one is marked in the other. */
export function PacketView({ event, index, json, payload, packet, joined, most }: PacketViewProps) {
  const { value } = event
  const text = useMemo(() => (value === undefined ? undefined : JSON.stringify(value)), [value])
  const root = useMemo(() => rootOf(json, value), [json, value])
  const source = useMemo(() => {
    if (joined !== null) return joinedSource(joined)
    return payload && packet && { payload, packet, messages: NO_MESSAGES }
  }, [payload, packet, joined])
  const nodes = useMemo(() => source && new NodeBytes(source.payload, source.packet, value), [source, value])
  const [mark, setMark] = useState<Mark>()
  const pointAt = (field: ByteField | undefined) => setMark(field && { bytes: field, path: field.path })
  const name = titleOfEvent(event)
  return (
    <>
      {text !== undefined && (
        <JsonTreeView
          key={text}
          text={text}
          name={name}
          root={root}
          marked={mark?.path}
          onPoint={(node) => {
            const bytes = node && nodes?.of(node)
            setMark(bytes && { bytes })
          }}
        />
      )}
      {source !== undefined && packet !== undefined && (
        <PacketBytes
          index={index}
          source={source}
          own={{ from: packet.from, to: packet.to }}
          name={name}
          most={most}
          marked={mark?.bytes}
          onPoint={pointAt}
        />
      )}
    </>
  )
}
