/** Whether a connection names the format of its payloads. */
import { parseMediaType } from '../../../parse/media-type.ts'
import type { ConnectionFacts } from '../../decoder.ts'
import { headerOf } from '../../facts.ts'

/** Prefixes and suffixes of subtypes that do not change the format. */
const PREFIX = /^(?:x-|vnd\.)/

/** The reason if the content type or the subprotocol is one of `types`. */
export function payloadType(facts: ConnectionFacts, types: ReadonlySet<string>): string | undefined {
  const byType = contentType(facts.responseHeaders, types)
  if (byType !== undefined) return byType
  const subprotocol = facts.subprotocol ?? ''
  const parts = subprotocol.toLowerCase().split(/[.+]/)
  return types.has(parts.at(-1) ?? '') ? `subprotocol ${subprotocol}` : undefined
}

/** The reason if the content type is one of `types`. */
export function contentType(
  headers: ConnectionFacts['requestHeaders'],
  types: ReadonlySet<string>,
): string | undefined {
  const { essence } = parseMediaType(headerOf(headers, 'content-type') ?? '')
  const [type, subtype = ''] = essence.split('/')
  const suffix = subtype.slice(subtype.lastIndexOf('+') + 1)
  const isOne = type === 'application' && (types.has(subtype.replace(PREFIX, '')) || types.has(suffix))
  return isOne ? `content type ${essence}` : undefined
}
