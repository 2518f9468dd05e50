/** What the connections of a forward proxy share. */
import type { Socket } from 'node:net'
import type { OpenSocket } from '../../transport/http/connect.ts'
import { HostContexts } from '../authority/host-contexts.ts'
import { checkCertifiable, readAuthority } from '../authority/store.ts'
import type { ProxyServices } from '../http/services.ts'
import { forwardRoute } from './forward-route.ts'
import { type Decryption, Tunnels } from './tunnels.ts'

/**
 * `decrypt` names the hosts whose TLS is recorded: domains and addresses, and `*.example.com` for those below. Rejects with a
 * `Failure` if the local authority cannot certify them, or if there is none.
 */
export async function forwardServices(
  shared: Omit<ProxyServices, 'route' | 'connect'>,
  decrypt: readonly string[] = [],
): Promise<ProxyServices> {
  const tunnels = new Tunnels(
    {
      open: shared.open,
      speak: (client, origin, opened) => speakFor(origin, client, shared, opened),
      passed: shared.passed,
      note: (sentence) => shared.host.mark(sentence),
    },
    decrypt.length === 0 ? undefined : await decryptionOf(decrypt),
  )
  return {
    ...shared,
    route: (request) => forwardRoute(request, undefined),
    connect: (request, client, rest) => tunnels.connect(request, client, rest),
  }
}

/** Speaks HTTP with the client of a tunnel to `origin`, and passes it on there. */
function speakFor(
  origin: URL,
  client: Socket,
  shared: Omit<ProxyServices, 'route' | 'connect'>,
  opened: OpenSocket | undefined,
): void {
  let unused = opened
  client.once('close', () => unused?.socket.destroy())
  shared.serve(client, {
    ...shared,
    route: (request) => forwardRoute(request, origin),
    open: async (url, signal) => {
      const first = unused
      unused = undefined
      return first !== undefined && !first.socket.destroyed ? first : await shared.open(url, signal)
    },
  })
}

async function decryptionOf(names: readonly string[]): Promise<Decryption> {
  const authority = await readAuthority()
  for (const name of names) checkCertifiable(authority, name.replace(/^\*\./, '').toLowerCase())
  return { names, contexts: new HostContexts(authority) }
}
