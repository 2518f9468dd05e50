/** The built page in a browser with a real engine. Only the editor between them is fake. */
import assert from 'node:assert/strict'
import { basename, join } from 'node:path'
import type { Page } from 'playwright-core'
import { Engine } from '../../../src/engine/engine.ts'
import { FileEngine } from '../../../src/engine/file/file-engine.ts'
import type { EngineHost } from '../../../src/engine/reading.ts'
import { type Methods, type Notifications, RpcEndpoint } from '../../../src/shared/protocol/rpc.ts'
import type { PanelContext } from '../../../src/shared/protocol.ts'
import type { ConnectionSpec } from '../../../src/shared/spec.ts'
import { closeServers } from '../../support/loopback.ts'
import { openPage } from '../../support/shared-browser.ts'
import { removeTempDirs, tempDir } from '../../support/temp-dir.ts'
import { chooseRow } from '../preview/choose-row.ts'
import { bundleScript, type Preview, servePreview } from '../preview/server.ts'
import type { ThemeName } from '../preview/themes.ts'
import { decode, encode } from './wire.ts'

const SETTINGS = { memoryLimit: 1 << 26, spoolLimit: 1 << 28, maxEvents: 1_000_000, maxMessageSize: 1 << 26 }

/** Calls that only an editor can handle: recorded, with these results. */
const EDITOR_CALLS: Readonly<Record<string, unknown>> = {
  openPayload: null,
  comparePayloads: null,
  copyAs: { copied: true },
  savePayload: { saved: true },
  explainEvent: null,
  noteSelection: null,
  goToCode: null,
  copy: null,
  recents: [],
  recordings: [],
}

export interface LiveOptions {
  readonly theme?: ThemeName
  readonly width?: number
  readonly dist?: string
  /** A recording to show instead of live traffic. */
  readonly file?: string
}

/** The script of the page that takes the place of the editor. */
let bridge: Promise<string> | undefined

type AnyEngine = Pick<Engine, 'handlers' | 'acknowledge' | 'status'>

async function startEngine(host: EngineHost, file: string | undefined): Promise<AnyEngine> {
  const options = { ...host, directory: join(tempDir(), 'spool'), settings: SETTINGS }
  return file === undefined
    ? new Engine({ ...options, network: {} })
    : await FileEngine.open({ ...options, file })
}

/**
 * Opens panels. After each test of the suite, they are closed, their pages must not have had errors, and the servers
 * end. Call it in `describe`.
 */
export function panelOpener(): (options?: LiveOptions) => Promise<LivePanel> {
  const open: LivePanel[] = []
  afterEach(async () => {
    const closed = open.splice(0)
    for (const panel of closed) await panel.close()
    closeServers()
    for (const { errors } of closed) assert.deepEqual(errors, [])
  })
  return async (options) => {
    const panel = await LivePanel.open(options)
    open.push(panel)
    return panel
  }
}

export class LivePanel {
  readonly page: Page
  readonly engine: AnyEngine
  readonly #endpoint: RpcEndpoint<Methods, Methods, Notifications, Notifications>
  readonly #context: PanelContext
  /** The calls of the page to the editor. */
  readonly calls: { readonly method: string; readonly params: unknown }[] = []
  /** Errors in the page. */
  readonly errors: string[] = []
  readonly #preview: Preview

  private constructor(preview: Preview, page: Page, engine: AnyEngine, file: string | undefined) {
    this.#preview = preview
    this.page = page
    page.on('pageerror', (error) => this.errors.push(error.message))
    page.on('console', (message) => message.type() === 'error' && this.errors.push(message.text()))
    const listeners: ((message: unknown) => void)[] = []
    this.engine = engine
    this.#context = {
      ...(file === undefined ? {} : { kind: 'file', name: basename(file) }),
      trusted: true,
    }
    this.#endpoint = new RpcEndpoint<Methods, Methods, Notifications, Notifications>(
      {
        post: (message) => void this.#post(encode(message)),
        onMessage: (listener) => listeners.push(listener),
      },
      {
        handlers: this.#handlers(),
        onNotify: {
          acknowledge: () => this.engine.acknowledge(),
          keep: (state) => {
            this.#kept = String(state)
          },
        },
      },
    )
    this.#ready = page.exposeFunction('toHost', (text: string) => {
      if (!this.#isStopped) for (const listener of listeners) listener(decode(text))
    })
  }

  readonly #ready: Promise<unknown>
  #isStopped = false
  #kept: string | undefined

  static async open({ theme = 'dark', width = 1280, dist, file }: LiveOptions = {}): Promise<LivePanel> {
    const preview = await servePreview(dist)
    const page = await openPage({ width, height: 800 })
    let live: LivePanel | undefined
    const notify: EngineHost['notify'] = (name, data) => {
      if (name !== 'log' && live !== undefined) live.#endpoint.notify(name, data)
    }
    live = new LivePanel(preview, page, await startEngine({ notify }, file), file)
    await live.#ready
    bridge ??= bundleScript(join(import.meta.dirname, 'bridge.ts'))
    const body = await bridge
    await page.route('**/host.js*', (route) => route.fulfill({ contentType: 'text/javascript', body }))
    await page.goto(preview.url(theme, 0))
    return live
  }

  /** Connects. Resolves to the connection's id. */
  async connect(spec: ConnectionSpec): Promise<number> {
    return (await this.engine.handlers.connect({ spec })).id
  }

  /** Selects the row of an event by a press. */
  async select(index: number): Promise<void> {
    await chooseRow(this.page.locator(`[data-event="${index}"]`))
  }

  /** Stops the host, like one that is suspended or has ended, or continues it. */
  setStopped(stopped: boolean): void {
    this.#isStopped = stopped
  }

  /** Tells the page whether the panel is visible, as the editor does. */
  setVisible(visible: boolean): void {
    this.#endpoint.notify('visible', visible)
  }

  async close(): Promise<void> {
    await this.page.close()
    this.#preview.server.close()
    await this.engine.handlers.shutdown(null)
    removeTempDirs()
  }

  #handlers() {
    const noted = Object.entries(EDITOR_CALLS).map(([method, result]) => [
      method,
      (params: unknown) => {
        this.calls.push({ method, params })
        return result
      },
    ])
    return {
      ...this.engine.handlers,
      ...Object.fromEntries(noted),
      ping: () => null,
      ready: async ({ from, fromEventName }: { from: number; fromEventName: number }) => {
        await this.engine.handlers.subscribe({ from, fromEventName })
        this.#endpoint.notify('status', this.engine.status())
        return this.#kept === undefined ? this.#context : { ...this.#context, kept: this.#kept }
      },
    }
  }

  async #post(text: string): Promise<void> {
    if (this.page.isClosed() || this.#isStopped) return
    await this.page
      .evaluate((sent) => {
        const { fromHost } = globalThis as unknown as { fromHost(text: string): void }
        fromHost(sent)
      }, text)
      .catch((error: unknown) => {
        if (!this.page.isClosed()) throw error
      })
  }
}
