/** The time to the first byte of a response, with its phases. */
import type { Timing } from '../../shared/event.ts'
import { toMicroseconds } from '../../shared/numbers.ts'
import type { FirstByteReport } from '../../shared/report.ts'

/** Undefined if the time of the first byte is unknown. */
export function firstByteOf(timing: Timing | undefined): FirstByteReport | undefined {
  if (timing?.firstByte === undefined) return undefined
  const { dns = 0, tcp = 0, tls = 0, firstByte } = timing
  const total = dns + tcp + tls + firstByte
  const round = toMicroseconds
  return { dns: round(dns), tcp: round(tcp), tls: round(tls), answer: round(firstByte), total: round(total) }
}
