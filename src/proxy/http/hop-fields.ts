/**
 * Fields that concern one connection only (RFC 9110 section 7.6.1). The proxy keeps its two connections alike: what one
 * side says of its connection holds for the other one as well, so `close`, `keep-alive`, `upgrade` and `te` are sent again.
 */
import { listOf } from '../../parse/http/body-framing.ts'
import { type FieldLine, withValue } from './message-head.ts'

/** Options that hold for both connections. */
const MIRRORED: ReadonlySet<string> = new Set(['close', 'keep-alive', 'upgrade', 'te'])
/** Fields that the message needs, whatever `Connection` names. */
const NEEDED: ReadonlySet<string> = new Set(['host', 'content-length', 'transfer-encoding', 'connection'])
/** Fields for the proxy itself. */
const FOR_PROXY: ReadonlySet<string> = new Set(['proxy-connection', 'proxy-authorization'])
/** HTTP/2 over the same connection, which would not be understood here (RFC 7540 section 3.2). */
const H2C: ReadonlySet<string> = new Set(['h2c', 'http2-settings'])

/** The fields without those that must not be passed on. */
export function withoutHopFields(fields: readonly FieldLine[]): FieldLine[] {
  const named = new Set(listOf(fields.filter(({ name }) => name === 'connection').map(({ value }) => value)))
  const isH2c = fields.some(
    ({ name, value }) => name === 'upgrade' && listOf(value).some((each) => H2C.has(each)),
  )
  const dropped = [...named].filter((name) => !MIRRORED.has(name) && !NEEDED.has(name))
  const removed = new Set([...dropped, ...FOR_PROXY, ...(isH2c ? ['upgrade', ...H2C] : [])])
  return fields.flatMap((field) => {
    if (removed.has(field.name)) return []
    if (field.name !== 'connection' || !listOf(field.value).some((option) => removed.has(option)))
      return [field]
    const options = field.value.split(',').map((option) => option.trim())
    const kept = options.filter((option) => option !== '' && !removed.has(option.toLowerCase()))
    return kept.length === 0 ? [] : [withValue(field, kept.join(', '))]
  })
}
