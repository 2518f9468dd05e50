/** OAuth 2 in the terminal: says where to sign in, and keeps tokens until the program ends. */
import { setTimeout as delay } from 'node:timers/promises'
import { listenForRedirect } from '../../engine/credentials/redirect-listener.ts'
import type { DeviceCode, OAuth2Host, ReceiveOptions, RedirectReceiver } from '../../request/oauth2/host.ts'
import { memoryStore, Tokens } from '../../request/oauth2/tokens.ts'
import { readSettings } from '../../request/variables/auth-configuration.ts'
import type { TokenSource } from '../../request/variables/variables.ts'
import type { Authorization } from '../../shared/authorization.ts'
import { Failure } from '../../shared/failure.ts'
import type { KnownSecrets } from '../../shared/secrets/known-secrets.ts'
import { timeSpan } from '../../shared/text/quantities.ts'
import { printable } from '../pretty/terminal-text.ts'
import { writeQuestion } from '../standard-error.ts'

/** Values of tokens that are masked: those of the latest renewals. */
const MAX_HELD = 100
/** Milliseconds for which a sign-in is awaited. */
const PATIENCE = 300_000

export class SignIn {
  readonly #tokens: Tokens
  readonly #control = new AbortController()

  /** New tokens are added to the secrets. */
  constructor(secrets: KnownSecrets) {
    const host: OAuth2Host = {
      fetch,
      now: Date.now,
      sleep: (milliseconds, signal) => delay(milliseconds, undefined, { signal }),
      receive,
      showCode,
    }
    const given = (values: readonly string[]) => secrets.hold(this, values, MAX_HELD)
    this.#tokens = new Tokens({ host, store: memoryStore(), given })
  }

  /** A token that can be used now. Rejects as `Tokens.token` does. */
  async token({ name, settings }: TokenSource, refused?: string): Promise<Authorization> {
    return await this.#tokens.token(readSettings(name, settings), this.#control.signal, refused)
  }

  /** Ends sign-ins that are awaited. */
  stop(): void {
    this.#control.abort()
  }
}

/** The line is not masked: it has codes that a person needs, and that are of no use later. */
function say(sentence: string): void {
  writeQuestion(`${printable(sentence)}\n`)
}

function showCode({ name, code, url, expiresIn }: DeviceCode): void {
  say(`To sign in to ${JSON.stringify(name)}, open ${url} and enter ${code} within ${timeSpan(expiresIn)}.`)
}

async function receive({ name, redirectUrl: wanted, state }: ReceiveOptions): Promise<RedirectReceiver> {
  const { redirectUrl, received, close } = await listenForRedirect(state, wanted)
  return {
    redirectUrl,
    close,
    async open(url, signal) {
      say(`To sign in to ${JSON.stringify(name)}, open ${url}`)
      const over = new AbortController()
      const late = delay(PATIENCE, undefined, { signal: AbortSignal.any([signal, over.signal]) }).then(() => {
        throw new Failure(
          'AUTH',
          `Nobody signed in to ${JSON.stringify(name)} within ${timeSpan(PATIENCE)}; run it again.`,
        )
      })
      try {
        return await Promise.race([received, late])
      } finally {
        over.abort()
        late.catch(() => {})
      }
    },
  }
}
