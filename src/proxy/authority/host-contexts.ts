/** TLS contexts with certificates of the local authority, made when a host is first asked for. */
import { createSecureContext, type SecureContext } from 'node:tls'
import { type Authority, checkCertifiable } from './store.ts'

/** Hosts whose certificates are kept, at most. */
const MAX_HOSTS = 200

export class HostContexts {
  readonly #authority: Authority
  readonly #contexts = new Map<string, Promise<SecureContext>>()

  constructor(authority: Authority) {
    this.#authority = authority
  }

  /** The context of a host. Rejects with a `Failure` if the authority is not for it. */
  async of(host: string): Promise<SecureContext> {
    checkCertifiable(this.#authority, host)
    const known = this.#contexts.get(host)
    if (known !== undefined) return await known
    const [oldest] = this.#contexts.keys()
    if (this.#contexts.size >= MAX_HOSTS && oldest !== undefined) this.#contexts.delete(oldest)
    const context = this.#make(host)
    this.#contexts.set(host, context)
    return await context
  }

  async #make(host: string): Promise<SecureContext> {
    const { certifyHost } = await import('./certificates.ts')
    const { certificate, key } = await certifyHost(host, this.#authority)
    return createSecureContext({ cert: `${certificate}\n${this.#authority.certificate}`, key })
  }
}
