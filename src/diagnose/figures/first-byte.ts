/** The time to the first byte of a response, split into its parts. */
import type { Timing } from '../../shared/event.ts'
import { toMicroseconds } from '../../shared/numbers.ts'
import type { FirstByteReport } from '../../shared/report.ts'

/** The times of an attempt all count from its start. Undefined if that of the first byte is unknown. */
export function firstByteOf(timing: Timing | undefined): FirstByteReport | undefined {
  const total = timing?.firstByte
  if (total === undefined) return undefined
  const dns = timing?.dns ?? 0
  const tcp = timing?.tcp ?? dns
  const tls = timing?.tls ?? tcp
  const part = (from: number, to: number) => toMicroseconds(Math.max(0, to - from))
  return { dns, tcp: part(dns, tcp), tls: part(tcp, tls), answer: part(tls, total), total }
}
