/** How a connection separates messages of Protocol Buffers from each other. */
import { isGrpcType } from '../../../../parse/grpc.ts'
import { type MediaType, parseMediaType } from '../../../../parse/media-type.ts'
import type { ConnectionFacts } from '../../../decoder.ts'
import { headerOf } from '../../../facts.ts'

/**
 * `delimited`: each after its length; `grpc`: in frames of gRPC, gRPC-Web or Connect; `grpc-text`: these in Base64. Undefined
 * if a message of the connection is one message.
 */
export type Framing = 'delimited' | 'grpc' | 'grpc-text' | undefined

/** Frames of gRPC-Web in Base64. */
const IN_BASE64 = /^application\/grpc-web-text(?:\+(?:proto|json))?$/
const DELIMITED_SUBPROTOCOLS: ReadonlySet<string> = new Set(['centrifuge-protobuf'])

export function framingOf({ requestHeaders, responseHeaders, subprotocol = '' }: ConnectionFacts): Framing {
  if (DELIMITED_SUBPROTOCOLS.has(subprotocol)) return 'delimited'
  const { essence, parameters } = mediaTypeOf({ requestHeaders, responseHeaders })
  if (IN_BASE64.test(essence)) return 'grpc-text'
  if (isGrpcType(essence)) return 'grpc'
  const isDelimited = parameters.get('encoding') === 'delimited' || parameters.get('delimited') === 'true'
  return isDelimited ? 'delimited' : undefined
}

/** Whether the messages in the frames are JSON. */
export function isJsonFramed(facts: ConnectionFacts): boolean {
  const { essence } = mediaTypeOf(facts)
  return isFramed(essence) && essence.endsWith('+json')
}

/** Why the connection has frames of gRPC or lengths; undefined if it has not, or does not say so. */
export function framingReason(facts: ConnectionFacts): string | undefined {
  if (DELIMITED_SUBPROTOCOLS.has(facts.subprotocol ?? '')) return `subprotocol ${facts.subprotocol}`
  for (const headers of [facts.responseHeaders, facts.requestHeaders]) {
    const { essence } = parseMediaType(headerOf(headers, 'content-type') ?? '')
    if (isFramed(essence)) return `content type ${essence}`
  }
  return undefined
}

/** The type of the response, or else of the request. */
function mediaTypeOf({
  requestHeaders,
  responseHeaders,
}: Pick<ConnectionFacts, 'requestHeaders' | 'responseHeaders'>): MediaType {
  const type = headerOf(responseHeaders, 'content-type') ?? headerOf(requestHeaders, 'content-type')
  return parseMediaType(type ?? '')
}

function isFramed(essence: string): boolean {
  return isGrpcType(essence) || IN_BASE64.test(essence)
}
