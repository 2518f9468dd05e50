/** OAuth 2 in the editor: how a person signs in, and where tokens are kept. */
import { setTimeout as delay } from 'node:timers/promises'
import * as vscode from 'vscode'
import type {
  DeviceCode,
  OAuth2Host,
  ReceiveOptions,
  RedirectReceiver,
} from '../../../request/oauth2/host.ts'
import { type TokenStore, Tokens } from '../../../request/oauth2/tokens.ts'
import { readSettings } from '../../../request/variables/auth-configuration.ts'
import type { TokenSource } from '../../../request/variables/variables.ts'
import type { Authorization } from '../../../shared/authorization.ts'
import { Failure } from '../../../shared/failure.ts'
import { hideValues } from '../../ui/hidden-values.ts'
import { cancelled } from '../../ui/notifier.ts'
import { plainText } from '../../ui/untrusted-text.ts'
import { NOT_TRUSTED } from '../confirm-run.ts'
import type { UriCallbacks } from './uri-callbacks.ts'

export class SignIn {
  readonly #tokens: Tokens
  readonly #control = new AbortController()

  constructor(store: TokenStore, callbacks: UriCallbacks) {
    const host: OAuth2Host = {
      fetch,
      now: Date.now,
      sleep: (milliseconds, signal) => delay(milliseconds, undefined, { signal }),
      receive: (options) => receive(options, callbacks),
      showCode,
    }
    this.#tokens = new Tokens({ host, store, given: hideValues })
  }

  dispose(): void {
    this.#control.abort()
  }

  /** A token that can be used now. Rejects as `Tokens.token` does, and with `NOT_TRUSTED`. */
  async token({ name, settings }: TokenSource, refused?: string): Promise<Authorization> {
    if (!vscode.workspace.isTrusted)
      throw new Failure(
        NOT_TRUSTED,
        vscode.l10n.t(
          'Nothing signs in to “{0}” in Restricted Mode. Trust the workspace if you trust its authors.',
          name,
        ),
      )
    return await this.#tokens.token(readSettings(name, settings), this.#control.signal, refused)
  }

  /** When the kept token expires, in milliseconds since 1970; undefined if none is kept. */
  async kept({ name, settings }: TokenSource): Promise<{ readonly expiresAt?: number } | undefined> {
    return await this.#tokens.kept(readSettings(name, settings))
  }
}

/** On a port of this machine if the configuration says so, else by the URI handler. */
async function receive(
  { name, redirectUrl: wanted, state }: ReceiveOptions,
  callbacks: UriCallbacks,
): Promise<RedirectReceiver> {
  const { listenForRedirect } = await import('../../../engine/credentials/redirect-listener.ts')
  const { redirectUrl, received, close } =
    wanted === undefined
      ? {
          redirectUrl: await callbacks.redirectUrl(),
          received: callbacks.received(state),
          close: () => callbacks.forget(state),
        }
      : await listenForRedirect(state, wanted)
  return {
    redirectUrl,
    close,
    open: async (url, signal) => {
      const title = vscode.l10n.t('Sign in to “{0}” in the browser', name)
      return await untilCancelled(title, signal, async () => {
        // A `Uri` would encode the URL in its own way.
        const isOpen = await vscode.env.openExternal(url as unknown as vscode.Uri)
        if (!isOpen) throw cancelled()
        return await received
      })
    },
  }
}

/** Shows a notification with *Cancel* while the work lasts. */
async function untilCancelled<T>(title: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  const options = {
    location: vscode.ProgressLocation.Notification,
    title: plainText(title),
    cancellable: true,
  }
  return await vscode.window.withProgress(options, async (_, token) => {
    const stopped = new Promise<never>((_resolve, reject) => {
      const stop = () => reject(cancelled())
      token.onCancellationRequested(stop)
      signal.addEventListener('abort', stop, { once: true })
    })
    return await Promise.race([work(), stopped])
  })
}

/** Shows the code of a device. The signal aborts when the code is no longer of use. */
function showCode({ name, code, url, completeUrl }: DeviceCode, signal: AbortSignal): void {
  const copy = vscode.l10n.t('Copy Code and Open Browser')
  const shown = vscode.window.showInformationMessage(
    plainText(vscode.l10n.t('To sign in to “{0}”, open {1} and enter {2}.', name, url, code)),
    copy,
  )
  void shown.then(async (chosen) => {
    if (chosen !== copy || signal.aborted) return
    await vscode.env.clipboard.writeText(code)
    await vscode.env.openExternal(vscode.Uri.parse(completeUrl ?? url, true))
  })
}
