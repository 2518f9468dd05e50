/** Connects for the user: asks, opens, and if that fails says why and what to do. */
import * as vscode from 'vscode'
import { hasMask } from '../../request/remembered.ts'
import { Failure } from '../../shared/failure.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import type { TransportName } from '../../shared/transports.ts'
import type { LiveSession } from '../session/live-session.ts'
import { asking } from '../ui/asking.ts'
import type { Notifier } from '../ui/notifier.ts'
import { askSecrets } from './ask-secrets.ts'
import { askUrl } from './ask-url.ts'
import { configure } from './configure.ts'
import { firstOutcome } from './watch-opening.ts'

/** How to read a response that was complete at once. */
const PLAIN: readonly (vscode.QuickPickItem & { readonly transport: TransportName })[] = [
  {
    label: vscode.l10n.t('Poll'),
    description: vscode.l10n.t('request again at an interval'),
    transport: 'poll',
  },
  {
    label: vscode.l10n.t('Long-poll'),
    description: vscode.l10n.t('request again at once; the server delays the response'),
    transport: 'long-poll',
  },
  {
    label: vscode.l10n.t('HTTP stream'),
    description: vscode.l10n.t('one response, read as records'),
    transport: 'http-stream',
  },
]

export class Connector {
  readonly #session: LiveSession
  readonly #notifier: Notifier
  readonly #showPanel: (preserveFocus: boolean) => void

  constructor(session: LiveSession, notifier: Notifier, showPanel: (preserveFocus: boolean) => void) {
    this.#session = session
    this.#notifier = notifier
    this.#showPanel = showPanel
  }

  /**
   * Asks for a URL, or lets the user edit a `given` connection, and connects. Returns undefined if the user cancels.
   */
  async ask(given?: ConnectionSpec): Promise<number | undefined> {
    const asked = await askUrl(this.#session.remembered, given)
    if (asked === undefined) return undefined
    const spec = hasMask(asked.spec) ? await askSecrets(asked.spec) : asked.spec
    const configured = asked.configure ? await configure(spec) : spec
    return configured === undefined ? undefined : await this.open(configured)
  }

  /** Connects, shows the panel, and reports it if the connection does not open. */
  async open(spec: ConnectionSpec): Promise<number> {
    const id = await this.#session.connect(spec)
    // The user may have opened the palette again and be typing there.
    this.#showPanel(true)
    this.#follow(id, spec).catch((error) => this.#notifier.failure(error))
    return id
  }

  /** Opens the connections again that were open before, and asks for their secrets. */
  async reopen(): Promise<void> {
    const { remembered } = this.#session
    const specs = remembered.reopenable()
    if (specs.length === 0)
      throw new Failure(
        'NOTHING_OPEN',
        vscode.l10n.t('No connection was open before; use “Connect…” instead.'),
      )
    for (const spec of specs) {
      await this.open(hasMask(spec) ? await askSecrets(spec) : spec)
      await remembered.settleReopenable(spec)
    }
  }

  async #follow(id: number, spec: ConnectionSpec): Promise<void> {
    const outcome = await firstOutcome(this.#session, id)
    if (outcome?.state !== 'failed') return
    if (outcome.errorCode === 'PLAIN_RESPONSE') {
      await this.#askTransport(spec)
      return
    }
    // The engine has already logged it.
    await this.#notifier.error(
      outcome.error ?? vscode.l10n.t('Could not connect to {0}; the panel shows what happened.', outcome.url),
      { title: vscode.l10n.t('Edit…'), run: () => this.ask(spec) },
      { title: vscode.l10n.t('Try Again'), run: () => this.open(spec) },
    )
  }

  async #askTransport(spec: ConnectionSpec): Promise<void> {
    const chosen = await asking(() =>
      vscode.window.showQuickPick(PLAIN, {
        title: vscode.l10n.t('The response was complete at once. How should it be read?'),
        placeHolder: spec.url,
        ignoreFocusOut: true,
      }),
    )
    if (chosen !== undefined) await this.open({ ...spec, transport: chosen.transport })
  }
}
