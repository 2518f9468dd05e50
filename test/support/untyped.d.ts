/** Packages without types, as far as the tests use them. */
declare module 'stomp-broker-js' {
  import type { Server } from 'node:http'
  export default class StompServer {
    constructor(options: { server: Server; path: string; heartbeat: [number, number]; debug?: () => void })
    subscribe(destination: string, received: (body: string) => void): string
    send(destination: string, headers: Record<string, string>, body: string): void
  }
}

declare module 'sockjs' {
  import type { Server } from 'node:http'

  interface Connection {
    on(event: 'data', listener: (text: string) => void): void
    write(text: string): void
  }
  interface SockJsServer {
    on(event: 'connection', listener: (connection: Connection | null) => void): void
    installHandlers(server: Server, options: { prefix: string }): void
  }
  export function createServer(options: { heartbeat_delay?: number; log?: () => void }): SockJsServer
}

declare module 'sockjs-client' {
  export default class SockJs {
    constructor(url: string, protocols?: null, options?: { transports?: string[] })
    onopen: (() => void) | null
    onmessage: ((event: { data: string }) => void) | null
    onclose: ((event: { code: number; reason: string }) => void) | null
    send(text: string): void
    close(): void
  }
}

declare module 'compression' {
  import type { IncomingMessage, ServerResponse } from 'node:http'

  export default function compression(options?: {
    threshold?: number
  }): (request: IncomingMessage, response: ServerResponse & { flush?: () => void }, next: () => void) => void
}

declare module 'http-auth' {
  import type { RequestListener } from 'node:http'

  type Check = (user: string, done: (hash: string) => void) => void
  const auth: {
    digest(options: { realm: string }, check: Check): { check(then: RequestListener): RequestListener }
  }
  export default auth
}

declare module '@usebruno/lang' {
  // biome-ignore-start lint/suspicious/noExplicitAny: what it reads has no type
  export function bruToJsonV2(text: string): any
  export function bruToEnvJsonV2(text: string): any
  // biome-ignore-end lint/suspicious/noExplicitAny: what it reads has no type
  export function jsonToBruV2(request: object): string
  export function envJsonToBruV2(environment: object): string
}

declare module 'oidc-provider' {
  import type { IncomingMessage, ServerResponse } from 'node:http'

  interface AccessToken {
    readonly isValid: boolean
    readonly scope?: string
    readonly clientId: string
    save(): Promise<string>
  }
  interface Grant {
    addOIDCScope(scope: string): void
    save(): Promise<string>
  }
  interface GrantContext {
    body: unknown
    status: number
    readonly oidc: { readonly client: object; readonly params: Readonly<Record<string, string | undefined>> }
  }
  export default class Provider {
    constructor(issuer: string, configuration: object)
    callback(): (request: IncomingMessage, response: ServerResponse) => void
    on(event: string, listener: (context: GrantContext, thrown?: unknown) => void): this
    registerGrantType(
      name: string,
      handler: (context: GrantContext) => Promise<void>,
      parameters: readonly string[],
    ): void
    readonly AccessToken: {
      new (values: object): AccessToken
      find(token: string): Promise<AccessToken | undefined>
    }
    readonly ClientCredentials: { find(token: string): Promise<AccessToken | undefined> }
    readonly Grant: new (
      values: object,
    ) => Grant
  }
}

declare module 'node-socks5-server' {
  import type { Server } from 'node:net'

  type Log = (...values: unknown[]) => void
  export function createServer(options: {
    readonly logger: { error: Log; warn: Log; info: Log; debug: Log }
    /** Address and port of a name server. */
    readonly dns?: string
    userPassAuthFn?(user: string, password: string): boolean
  }): Server
}
