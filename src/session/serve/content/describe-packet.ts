/** Describes recorded packets for people. */
import { maskText } from '../../../shared/secrets.ts'
import { decodeUtf8 } from '../../../shared/text/decode.ts'
import type { RecordedPacket } from '../../packets/recorded-packets.ts'

/** Bytes of a packet that are shown. */
const MAX_SHOWN = 200

/**
 * What a packet is called and how it begins, such as `request sum: 420["sum",20,22]`. Secrets are masked. Of a handshake,
 * only the name is shown, because only its protocol knows where it has credentials.
 */
export function describePacket({ packet, kind, name, isHandshake }: RecordedPacket): string {
  const called = [kind, name].filter((part) => part !== undefined).join(' ')
  const isShown = !packet.binary && !isHandshake
  const text = isShown ? (decodeUtf8(packet.bytes.subarray(0, MAX_SHOWN), false) ?? '') : ''
  return maskText([called, text].filter((part) => part !== '').join(': '))
}
