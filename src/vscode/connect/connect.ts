/** Connects for the user: asks for what is missing, opens, and shows the panel, which says what fails. */
import * as vscode from 'vscode'
import { hasMask } from '../../request/remembered.ts'
import { fillSecretPlaceholders } from '../../request/secret-placeholders.ts'
import { Failure } from '../../shared/failure.ts'
import type { FormSource } from '../../shared/protocol/connecting.ts'
import type { ConnectionSpec } from '../../shared/spec.ts'
import type { TransportName } from '../../shared/transports.ts'
import type { KeptSecrets } from '../session/kept-secrets.ts'
import type { LiveSession } from '../session/live-session.ts'
import { hideValues } from '../ui/hidden-values.ts'
import { askSecrets } from './ask-secrets.ts'
import { configure } from './configure.ts'

export interface ConnectorOptions {
  readonly session: LiveSession
  readonly kept: KeptSecrets
  readonly showPanel: (preserveFocus: boolean) => void
  /** Connects with a preset, by its name. Rejects with `CANCELLED`. */
  readonly connectPreset: (name: string) => Promise<number>
  /** The value of `{{$secret NAME}}` for a connection to that URL. Rejects with `CANCELLED`. */
  readonly secretOf: (name: string, url: string) => Promise<string>
}

export class Connector {
  readonly #options: ConnectorOptions

  constructor(options: ConnectorOptions) {
    this.#options = options
  }

  /** Asks for a URL and connects. Returns undefined if the user cancels. */
  async ask(): Promise<number | undefined> {
    // Loaded late, because it reads commands of curl, which only some people paste.
    const { askUrl } = await import('./ask-url.ts')
    const asked = await askUrl(this.#options.session.remembered)
    if (asked === undefined) return undefined
    if ('preset' in asked) return await this.#options.connectPreset(asked.preset)
    const spec = await this.#complete(asked.spec)
    const configured = asked.configure ? await configure(spec) : spec
    return configured === undefined ? undefined : await this.open(configured)
  }

  /**
   * Connects and shows the panel. Fills in `{{$secret NAME}}`, which recent connections of requests have. With `remember`
   * false, the connection is not among the recent ones.
   */
  async open(remembered: ConnectionSpec, { remember = true } = {}): Promise<number> {
    const { session, showPanel, secretOf } = this.#options
    const { spec, secrets } = await fillSecretPlaceholders(remembered, (name) =>
      secretOf(name, remembered.url),
    )
    hideValues(secrets)
    const id = await session.connect(spec, { remember, remembered, secrets })
    // The user may have opened the palette again and be typing there.
    showPanel(true)
    return id
  }

  /** Connects. A recent connection is meant if only its URL is given. */
  async recall(spec: ConnectionSpec): Promise<number> {
    const { remembered } = this.#options.session
    const isUrlOnly = Object.keys(spec).length === 1
    const recent = isUrlOnly ? remembered.recents().find(({ url }) => url === spec.url) : undefined
    return await this.open(await this.#complete(recent ?? spec))
  }

  async openRecent(recent: number): Promise<number> {
    return await this.open(await this.#complete(this.specOf({ recent })))
  }

  /** Connects as a connection did, in another way. Without the check of the certificate, only this time. */
  async openAs(
    id: number,
    { transport, insecure }: { readonly transport: TransportName | null; readonly insecure: boolean },
  ): Promise<number> {
    const spec = this.specOf({ connection: id })
    return await this.open(
      {
        ...spec,
        ...(transport !== null && { transport }),
        ...(insecure && { tls: { ...spec.tls, insecure: true } }),
      },
      { remember: !insecure },
    )
  }

  /** How a connection was opened, or what is remembered of it. Throws `NO_CONNECTION`. */
  specOf(source: FormSource): ConnectionSpec {
    if ('url' in source) return { url: source.url }
    const { session } = this.#options
    const spec =
      'connection' in source ? session.specOf(source.connection) : session.remembered.recents()[source.recent]
    if (spec === undefined)
      throw new Failure('NO_CONNECTION', vscode.l10n.t('That connection is no longer known. Enter its URL.'))
    return spec
  }

  /** Opens the connections again that were open before, and asks for their secrets if they are not kept. */
  async reopen(): Promise<void> {
    const { remembered } = this.#options.session
    const specs = remembered.reopenable()
    if (specs.length === 0)
      throw new Failure(
        'NOTHING_OPEN',
        vscode.l10n.t('There are no previous connections. Connect to a URL instead.'),
      )
    for (const spec of specs) {
      await this.open(await this.#complete(spec))
      await remembered.settleReopenable(spec)
    }
  }

  async #complete(spec: ConnectionSpec): Promise<ConnectionSpec> {
    return hasMask(spec) ? await askSecrets(spec, await this.#options.kept.of(spec)) : spec
  }
}
