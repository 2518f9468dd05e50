/** Ids of Yjs and Hocuspocus: those of clients, which are random. */
import { AWARENESS, SYNC } from '../../protocols/yjs/messages.ts'
import type { ProtocolIds, ReplaceId, WholePacket } from '../ids.ts'
import { MessageSplitter, writeEach } from '../splitters.ts'
import { Transcoder } from './transcoder.ts'
import { transcodeStateVector, transcodeUpdate } from './update.ts'

/** Hocuspocus marks a `sync` message that answers another one. */
const SYNC_REPLY = 4
/** The step that has a state vector. The others have updates. */
const STEP_1 = 0

export const yjsIds: ProtocolIds = protocolOf('yjs', () => {})
/** A message of Hocuspocus begins with the name of its document. */
export const hocuspocusIds: ProtocolIds = protocolOf('hocuspocus', (bytes) => bytes.skipBytes())

function protocolOf(name: string, readHead: (bytes: Transcoder) => void): ProtocolIds {
  const protocol: ProtocolIds = {
    name,
    splitter: () => new MessageSplitter(protocol),
    replace(packet, replace) {
      try {
        return replaced(packet, replace, readHead)
      } catch {
        return packet.bytes
      }
    },
    write: writeEach,
  }
  return protocol
}

function replaced(
  { bytes }: WholePacket,
  replace: ReplaceId,
  readHead: (bytes: Transcoder) => void,
): Uint8Array {
  // First without changes, so that bytes which turn out to be foreign have no ids.
  transcode(new Transcoder(bytes, (client) => client), readHead)
  const transcoder = new Transcoder(bytes, (client) => {
    const replacement = replace('client', client, 'in')
    return typeof replacement === 'number' && Number.isSafeInteger(replacement) && replacement >= 0
      ? replacement
      : client
  })
  transcode(transcoder, readHead)
  return transcoder.result()
}

function transcode(bytes: Transcoder, readHead: (bytes: Transcoder) => void): void {
  readHead(bytes)
  switch (bytes.number()) {
    case SYNC:
    case SYNC_REPLY: {
      const step = bytes.number()
      bytes.within(step === STEP_1 ? transcodeStateVector : transcodeUpdate)
      break
    }
    case AWARENESS:
      bytes.within((states) => {
        for (let left = states.number(); left > 0; left--) {
          states.client()
          states.number()
          states.skipBytes()
        }
      })
  }
}
