/** Tokens of configurations: kept until they expire, renewed before, and asked for once at a time. */
import type { Authorization } from '../../shared/authorization.ts'
import { Failure } from '../../shared/failure.ts'
import type { OAuth2Configuration } from '../variables/auth-configuration.ts'
import { INTERACTIVE } from '../variables/auth-keys.ts'
import type { OAuth2Host } from './host.ts'
import { isFresh, readTokenSet, type TokenSet } from './token-set.ts'

/** Characters of a digest in a key. */
const DIGEST = 32

/** Keeps tokens as texts, by key. */
export interface TokenStore {
  get(key: string): Promise<string | undefined>
  keep(key: string, text: string): Promise<void>
}

export interface TokensOptions {
  readonly host: OAuth2Host
  readonly store: TokenStore
  /** Called with each new value, before it is used, so that it can be masked. */
  readonly given?: (secrets: readonly string[]) => void
}

/** A request for tokens that others may join. */
interface Pending {
  readonly tokens: Promise<TokenSet>
  readonly control: AbortController
  waiting: number
}

export class Tokens {
  readonly #options: TokensOptions
  readonly #pending = new Map<string, Pending>()

  constructor(options: TokensOptions) {
    this.#options = options
  }

  /**
   * A token that can be used now. Rejects with a `Failure`: `AUTH` if trying again cannot help, `CANCELLED` if the signal
   * aborts. `refused` is a token that a server did not accept: another one is asked for.
   */
  async token(
    configuration: OAuth2Configuration,
    signal: AbortSignal,
    refused?: string,
  ): Promise<Authorization> {
    const { accessToken, idToken, expiresAt } = await this.#fresh(configuration, signal, refused)
    const token = configuration.useIdToken ? idToken : accessToken
    if (token === undefined)
      throw new Failure(
        'AUTH',
        `The server gave no ID token for ${JSON.stringify(configuration.name)}; add openid to "Scope", or use the access token.`,
      )
    return { token, ...(expiresAt !== undefined && { expiresAt }) }
  }

  /** When the kept access token expires, in milliseconds since 1970; undefined if none is kept, or if that is unknown. */
  async kept(configuration: OAuth2Configuration): Promise<{ readonly expiresAt?: number } | undefined> {
    return await this.#read(await keyOf(configuration))
  }

  async #read(key: string): Promise<TokenSet | undefined> {
    const text = await this.#options.store.get(key)
    return text === undefined ? undefined : readTokenSet(text)
  }

  async #fresh(configuration: OAuth2Configuration, signal: AbortSignal, refused?: string): Promise<TokenSet> {
    const key = await keyOf(configuration)
    const open = this.#pending.get(key)
    if (open !== undefined && !open.control.signal.aborted) return await this.#join(key, open, signal)
    const control = new AbortController()
    const pending: Pending = {
      control,
      waiting: 0,
      tokens: this.#renewed(key, configuration, control.signal, refused),
    }
    this.#pending.set(key, pending)
    const over = () => {
      if (this.#pending.get(key) === pending) this.#pending.delete(key)
    }
    pending.tokens.then(over, over)
    return await this.#join(key, pending, signal)
  }

  /** Waits for tokens. The request for them ends when nobody waits for it. */
  async #join(key: string, pending: Pending, signal: AbortSignal): Promise<TokenSet> {
    pending.waiting++
    const leave = () => {
      if (--pending.waiting > 0) return
      pending.control.abort()
      if (this.#pending.get(key) === pending) this.#pending.delete(key)
    }
    let rejectNow = (_: unknown) => {}
    const aborted = new Promise<never>((_, reject) => {
      rejectNow = reject
    })
    const onAbort = () => {
      leave()
      rejectNow(new Failure('CANCELLED', 'The request for a token was canceled.'))
    }
    if (signal.aborted) onAbort()
    signal.addEventListener('abort', onAbort)
    try {
      return await Promise.race([pending.tokens, aborted])
    } finally {
      signal.removeEventListener('abort', onAbort)
    }
  }

  async #renewed(
    key: string,
    configuration: OAuth2Configuration,
    signal: AbortSignal,
    refused: string | undefined,
  ): Promise<TokenSet> {
    const { host, store } = this.#options
    const kept = await this.#read(key)
    const isRefused = refused !== undefined && (kept?.accessToken === refused || kept?.idToken === refused)
    if (kept !== undefined && !isRefused && isFresh(kept, host.now(), INTERACTIVE.has(configuration.grant))) {
      this.#given(kept)
      return kept
    }
    const { acquireTokens, refreshTokens } = await import('./grants.ts')
    let tokens: TokenSet | undefined
    if (kept?.refreshToken !== undefined)
      tokens = await refreshTokens(
        configuration,
        { ...kept, refreshToken: kept.refreshToken },
        host,
        signal,
      ).catch((thrown) => {
        // The refresh token is no longer valid, so the grant is needed again.
        if (thrown instanceof Failure && thrown.code === 'AUTH') return undefined
        throw thrown
      })
    tokens ??= await acquireTokens(configuration, host, signal)
    this.#given(tokens)
    await store.keep(key, JSON.stringify(tokens))
    return tokens
  }

  #given({ accessToken, idToken, refreshToken }: TokenSet): void {
    this.#options.given?.([accessToken, idToken, refreshToken].filter((each) => each !== undefined))
  }
}

/**
 * The key of a configuration: its name for people, and a digest of what is not secret in it, so that a changed
 * configuration, such as another client or server, does not get the tokens of the one before.
 */
export async function keyOf({
  clientSecret: _,
  password: __,
  useIdToken: ___,
  ...open
}: OAuth2Configuration): Promise<string> {
  const text = JSON.stringify(Object.entries(open).sort())
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  const hex = [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return `${open.name} ${hex.slice(0, DIGEST)}`
}

/** The name of the configuration in a key. */
export function nameInKey(key: string): string {
  return key.slice(0, Math.max(0, key.length - DIGEST - 1))
}

/** A store that ends with the program. */
export function memoryStore(): TokenStore {
  const kept = new Map<string, string>()
  return {
    get: async (key) => kept.get(key),
    keep: async (key, text) => {
      kept.set(key, text)
    },
  }
}
