/** Whether a connection can be opened with its credentials. */
import { headerOf } from '../shared/credentials.ts'
import { Failure } from '../shared/failure.ts'
import type { ConnectionSpec } from '../shared/spec.ts'
import { schemeOf } from '../shared/transports.ts'

/** Throws a `Failure` `BAD_SPEC` if the specification says twice what is to be sent, or cannot carry the credentials. */
export function checkCredentials({ credentials, headers = {}, url, transport }: ConnectionSpec): void {
  if (credentials === undefined) return
  const header = headerOf(credentials)
  const own = Object.keys(headers).find((name) => name.toLowerCase() === header)
  if (own !== undefined)
    throw new Failure(
      'BAD_SPEC',
      `The credentials set the header ${own}, which is among the headers, too; leave one of them out.`,
    )
  const isKeySubprotocol = credentials.kind === 'api-key' && credentials.in === 'subprotocol'
  if (isKeySubprotocol && transport !== 'websocket' && schemeOf(url) !== 'ws')
    throw new Failure(
      'BAD_SPEC',
      'The API key is to be sent as a subprotocol, which only WebSockets have; send it in a header, or connect by WebSocket.',
    )
}
