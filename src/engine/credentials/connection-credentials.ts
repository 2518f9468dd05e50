/** The credentials of one connection: which of its requests are sent with them. */
import type { Authorize } from '../../shared/authorization.ts'
import { type Credentials, secretsOf } from '../../shared/credentials.ts'
import type { KnownSecrets } from '../../shared/secrets/known-secrets.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import { isNamedOrigin } from '../../transport/http/named-origin.ts'
import type { RequestHook } from '../../transport/request-hook.ts'
import type { Scheme, SchemeHost } from './scheme.ts'
import { makeScheme } from './schemes.ts'

/** Values of requests that are masked: those of several requests whose responses have not arrived. */
const MAX_HELD = 8

export interface CredentialsHost {
  /** Gets the values to mask. */
  readonly secrets: KnownSecrets
  readonly authorize: Authorize | undefined
}

/** Masks the latest values of `part` with `hold`. */
export function schemeHost(part: object, { secrets, authorize }: CredentialsHost): SchemeHost {
  return { authorize, hold: (values) => secrets.hold(part, values, MAX_HELD) }
}

export class ConnectionCredentials {
  readonly #scheme: Scheme

  constructor(credentials: Credentials, host: CredentialsHost) {
    host.secrets.add(secretsOf(credentials))
    this.#scheme = makeScheme(credentials, schemeHost(this, host))
  }

  /** For an attempt with that specification. Requests to another origin, to which a redirect leads, stay as they are. */
  hook(spec: ConnectionSpec): RequestHook {
    const scheme = this.#scheme
    return {
      begin: (signal) => scheme.begin?.(signal) ?? Promise.resolve(),
      outgoing: (request) =>
        isNamedOrigin(request.url, spec) ? (scheme.outgoing?.(request) ?? request) : request,
      received: (sent, response) =>
        isNamedOrigin(sent.url, spec) ? (scheme.received?.(sent, response) ?? false) : false,
    }
  }
}
