/** The connection to which a recording is sent. Does not import `vscode`. */
import type { Headers } from '../../shared/headers.ts'
import type { Sender } from '../../shared/protocol/resending.ts'
import { MASK } from '../../shared/secrets.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import { schemeOf } from '../../shared/transports.ts'

/** For the recorded origin, the secrets are `***`, to be asked for. They are not sent to another origin. */
export function peerAt(url: string, sender: Sender): ConnectionSpec {
  const { url: recorded, headers = {}, subprotocols = [] } = sender
  const spec = { url, transport: transportOf(sender) }
  if (recorded === undefined || originOf(recorded) !== originOf(url)) return spec
  const secret = secretHeaders(headers)
  return {
    ...spec,
    ...(Object.keys(secret).length > 0 && { headers: secret }),
    ...(subprotocols.includes(MASK) && { subprotocols }),
  }
}

/** A WebSocket, or whatever was recorded over HTTP. */
export function transportOf({ url = 'ws:' }: Sender): 'websocket' | 'auto' {
  return schemeOf(url) === 'http' ? 'auto' : 'websocket'
}

/** Undefined if the recorded URL is invalid. */
function originOf(url: string): string | undefined {
  return URL.canParse(url) ? new URL(url).origin : undefined
}

function secretHeaders(headers: Headers): Headers {
  return Object.fromEntries(
    Object.entries(headers).filter(([, value]) => [value].flat().some((each) => each.includes(MASK))),
  )
}
