/** Compares sessions, in a worker, and shows the result in a panel. */
import { rm } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import * as v from 'valibot'
import * as vscode from 'vscode'
import { runJob } from '../../engine/jobs/client.ts'
import {
  COMPARE_ALL,
  type Compared,
  type ComparedConnections,
  type ComparePageMethods,
  type CompareWish,
  MAX_IGNORED,
} from '../../shared/comparison.ts'
import { type Methods, RpcEndpoint } from '../../shared/protocol/rpc.ts'
import { type Part, wholeConnection } from '../../shared/protocol/saving.ts'
import { explainDifference } from '../agents/explain.ts'
import { COMPARISON } from '../contributions.ts'
import { nameOf } from '../files/file-names.ts'
import { readThrough, transferPath } from '../files/local-file.ts'
import { recordingItems } from '../session/choose-recording.ts'
import type { LiveSession } from '../session/live-session.ts'
import type { OpenRecordings } from '../session/open-recordings.ts'
import { userDialects } from '../settings/user-dialects.ts'
import { pickOne } from '../ui/asking.ts'
import { withCancelling } from '../ui/cancelling.ts'
import { asUri, isMenuContext } from '../ui/command-arguments.ts'
import { loadPage } from '../ui/page.ts'
import type { Surroundings } from '../ui/surroundings.ts'
import { setTabIcon } from '../ui/tab-icon.ts'

export interface ComparisonOptions extends Omit<Surroundings, 'log' | 'extensionUri'> {
  readonly session: LiveSession
  readonly recordings: OpenRecordings
}

/** One of the two sessions. A copy of the live session is removed with the comparison. */
interface Side {
  readonly name: string
  readonly uri: vscode.Uri
  readonly isCopy: boolean
}

interface ShownComparison {
  /** Default all connections. */
  readonly only?: ComparedConnections
  /** The result for `COMPARE_ALL`, so that the page need not wait for it again. */
  readonly first?: Compared
}

/** Maximum number of characters of a filter. */
const MAX_FILTER = 4000

const wish = v.strictObject({
  ignore: v.pipe(v.array(v.pipe(v.string(), v.maxLength(1000))), v.maxLength(MAX_IGNORED)),
  tolerance: v.nullable(v.pipe(v.number(), v.finite(), v.minValue(0))),
  ignoreMessages: v.pipe(v.string(), v.maxLength(MAX_FILTER)),
  normalizeIds: v.boolean(),
})
const id = v.pipe(v.number(), v.integer(), v.minValue(0))
const request = v.variant('method', [
  v.strictObject({ rpc: v.literal('request'), id, method: v.literal('ready'), params: v.null() }),
  v.strictObject({ rpc: v.literal('request'), id, method: v.literal('compare'), params: wish }),
  v.strictObject({
    ...{ rpc: v.literal('request'), id, method: v.literal('explain') },
    params: v.strictObject({ difference: id }),
  }),
])

export class Comparisons {
  readonly #options: ComparisonOptions

  constructor(options: ComparisonOptions) {
    this.#options = options
  }

  /**
   * Compares the second session with the first one, and asks for those that are undefined. From the explorer, compares
   * the first two of the selected files. Resolves to the numbers of differences.
   */
  async compare(first: unknown, second: unknown) {
    const chosen = Array.isArray(second)
      ? [second[0] ?? first, second[1]]
      : [first, isMenuContext(second) ? undefined : second]
    const sides: Side[] = []
    try {
      const left = await this.#side(
        asUri(chosen[0]),
        vscode.l10n.t('Compare Sessions: which is the reference?'),
      )
      sides.push(left)
      const right = await this.#side(asUri(chosen[1]), vscode.l10n.t('Compare {0} with…', left.name))
      sides.push(right)
      const compared = await this.#run(left, right, COMPARE_ALL)
      this.#show(left, right, { first: compared })
      const { counts, same } = compared
      return { same, counts }
    } catch (error) {
      await Promise.all(sides.map(removeCopy))
      throw error
    }
  }

  /** Compares a connection of the live session with a recorded connection. */
  async compareLive(
    { uri, connection }: { readonly uri: vscode.Uri; readonly connection: number },
    live: number,
  ): Promise<void> {
    const left = asFile(uri)
    const right = await this.#copyOf(vscode.l10n.t('connection {0}', live), wholeConnection(live))
    this.#show(left, right, { only: { a: connection, b: live } })
  }

  async #run(a: Side, b: Side, how: CompareWish, only?: ComparedConnections) {
    const { storage, script } = this.#options
    return await withCancelling(vscode.l10n.t('Comparing {0} with {1}', a.name, b.name), (signal) =>
      readThrough(storage, a.uri, (first) =>
        readThrough(storage, b.uri, (second) => {
          const connections = only === undefined ? {} : { connections: only }
          const params = { a: first, b: second, wish: how, dialects: userDialects(), ...connections }
          return runJob(script, 'compare', params, signal)
        }),
      ),
    )
  }

  async #side(uri: vscode.Uri | undefined, title: string): Promise<Side> {
    if (uri !== undefined) return asFile(uri)
    const { session, recordings } = this.#options
    const dialog = { title: vscode.l10n.t('Compare Sessions'), openLabel: vscode.l10n.t('Compare') }
    const items: (vscode.QuickPickItem & { readonly get: () => Promise<Side> })[] = recordingItems(
      recordings,
      dialog,
    ).map((item) => ({ ...item, get: async () => asFile(await item.get()) }))
    if ((session.status?.events ?? 0) > 0)
      items.unshift({
        label: vscode.l10n.t('$(pulse) The live session'),
        get: () => this.#copyOf(vscode.l10n.t('the live session')),
      })
    return await (await pickOne(items, title)).get()
  }

  /** Writes a copy of the live session, or of a part of it. */
  async #copyOf(name: string, part: Part | null = null): Promise<Side> {
    const path = await transferPath(this.#options.storage, '.rtsession')
    await this.#options.session.call('save', { path, reveal: [], aside: true, part }, 0)
    return { name, uri: vscode.Uri.file(path), isCopy: true }
  }

  #show(a: Side, b: Side, { only, first }: ShownComparison): void {
    const { pages, notifier } = this.#options
    const panel = vscode.window.createWebviewPanel(
      COMPARISON,
      `${a.name} ↔ ${b.name}`,
      vscode.ViewColumn.Active,
      { retainContextWhenHidden: true },
    )
    setTabIcon(panel, 'diff')
    const { webview } = panel
    let ready = first
    let listed = first?.differences ?? []
    const endpoint = new RpcEndpoint<ComparePageMethods, Methods>(
      {
        post: (message) => void webview.postMessage(message),
        onMessage: (listener) =>
          void webview.onDidReceiveMessage((raw: unknown) => {
            if (v.is(request, raw)) listener(raw)
            else notifier.internal('The page of a comparison sent an invalid message.')
          }),
      },
      {
        handlers: {
          ready: () => ({ a: a.name, b: b.name, wish: COMPARE_ALL }),
          compare: async (how) => {
            const compared = ready
            ready = undefined
            const shown =
              compared !== undefined && isDeepStrictEqual(how, COMPARE_ALL)
                ? compared
                : await this.#run(a, b, how, only)
            listed = shown.differences
            return shown
          },
          explain: async ({ difference }) => {
            const found = listed[difference]
            if (found !== undefined) await explainDifference(found, { a: a.name, b: b.name })
          },
        },
      },
    )
    panel.onDidDispose(() => {
      endpoint.dispose()
      Promise.all([a, b].map(removeCopy)).catch((error) => notifier.internal(error))
    })
    loadPage(webview, pages, 'compare')
  }
}

function asFile(uri: vscode.Uri): Side {
  return { name: nameOf(uri), uri, isCopy: false }
}

async function removeCopy({ uri, isCopy }: Side): Promise<void> {
  if (isCopy) await rm(uri.fsPath, { force: true })
}
