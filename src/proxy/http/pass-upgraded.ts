/** Passes on what follows a switch to a protocol that is not recorded. */
import { passBytes } from '../pass-bytes.ts'
import type { WebSocketLegs } from '../websocket/relay.ts'

/** `count` gets the number of bytes of each piece. */
export function passUpgraded(
  { client, server, fromClient, fromServer }: Omit<WebSocketLegs, 'head'>,
  count: (bytes: number) => void,
): void {
  if (fromClient.bytes.length > 0) server.write(fromClient.bytes)
  if (fromServer.bytes.length > 0) client.write(fromServer.bytes)
  count(fromClient.bytes.length + fromServer.bytes.length)
  const data = ({ length }: Uint8Array) => count(length)
  passBytes(client, server, { data })
  passBytes(server, client, { data })
}
